/** Runs rules on synthetic series with `promtool test rules`. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { ensurePrometheusPrograms } from "../../../lab/kit/images/index.ts";
import { ruleFiles, type RuleOptions } from "../../../prometheus/rules/index.ts";
import { report } from "../../../tools/report.ts";
import type { PromtoolSeries } from "./serverLife.ts";

/** A query at a given time, and all series that it returns, by their labels. */
export interface ExpectedSamples {
  /** Seconds. */
  at: number;
  query: string;
  samples: [labels: string, value: number][];
}

/** The only alert with this name at a given time, with its labels and annotations. */
export interface ExpectedAlert {
  /** Seconds. */
  at: number;
  alert: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A query's result: the labels and the value of each series. */
export type Found = { labels: Record<string, string>; value: number }[];

/**
 * Returns the results of queries at a time in seconds, after the rules have been evaluated every
 * `step` seconds until then. promtool prints results only if they differ from the expected ones, so
 * this expects an impossible result.
 */
export async function askRules(
  rules: RuleOptions,
  series: PromtoolSeries[],
  queries: readonly { at: number; query: string }[],
  step = 30,
  sampleStep = step,
): Promise<Found[]> {
  const expected = queries.map(({ at, query }): ExpectedSamples => ({
    at,
    query,
    samples: [['{never="there"}', 1]],
  }));
  const text = await testRules(rules, [{ name: "asked", series, expected }], step, sampleStep).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  const answers = text.split(/^ +expr: /m).slice(1);
  if (answers.length !== queries.length) throw new Error(text.slice(0, 2000));
  return answers.map((answer) => {
    const got = /^ +got: (?:nil|([\s\S]*?))$\n?(?:^\s*$|(?![\s\S]))/m.exec(answer)?.[1] ?? "";
    return got
      .split(/\n|, (?=\{)/)
      .flatMap((line) => /(\{.*\}) (\S+?),?$/.exec(line.trim())?.slice(1) ?? [])
      .reduce<Found>((all, part, index, parts) => {
        if (index % 2 === 0) all.push({ labels: labelsIn(part), value: Number(parts[index + 1]) });
        return all;
      }, []);
  });
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, label = "", value = '""']) => [
      label,
      JSON.parse(value) as string,
    ]),
  );
}

/**
 * The rule files, without recording rules that no other rule and no query of the tests reads. These
 * rules, for dashboards and people, would take most of the time.
 */
function filesFor(rules: RuleOptions, tests: readonly RuleTest[]): Record<string, string> {
  const queries = tests.flatMap(({ expected }) => expected.map(({ query }) => query));
  const files = Object.entries(ruleFiles(rules)).map(
    ([name, text]) => [name, parse(text) as { groups: RuleGroupJson[] }] as const,
  );
  const all = files.flatMap(([, { groups }]) => groups);
  for (let found = true; found;) {
    const read = [...queries, ...all.flatMap((group) => group.rules.map(({ expr }) => expr))];
    const names = new Set(read.flatMap((text) => text.match(/[\w:]+/g) ?? []));
    found = false;
    for (const group of all) {
      const kept = group.rules.filter(({ record }) => record === undefined || names.has(record));
      found ||= kept.length < group.rules.length;
      group.rules = kept;
    }
  }
  return Object.fromEntries(
    files.map(([name, { groups }]) => {
      return [name, stringify({ groups: groups.filter((group) => group.rules.length > 0) })];
    }),
  );
}

interface RuleGroupJson {
  name: string;
  rules: { record?: string; expr: string }[];
}

/** Series over time, and the expected query results. */
export interface RuleTest {
  name: string;
  series: PromtoolSeries[];
  expected: ExpectedSamples[];
  alerts?: ExpectedAlert[];
}

/**
 * Runs tests on the same rules. `step` is the number of seconds between two evaluations, and between
 * two samples unless these come more often.
 *
 * @throws with promtool's output if a result differs from the expected one.
 */
export async function testRules(
  rules: RuleOptions,
  tests: readonly RuleTest[],
  step = 30,
  sampleStep = step,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    const files = filesFor(rules, tests);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const file = join(folder, "tests.yml");
    writeFileSync(
      file,
      // JSON is valid YAML, and faster to write for long series.
      JSON.stringify({
        rule_files: Object.keys(files),
        evaluation_interval: `${step}s`,
        // Otherwise the order is undefined, and alerts may be evaluated before their recording rules.
        group_eval_order: [
          ...Object.values(files)
            .join("\n")
            .matchAll(/^ {2}- name: (.+)$/gm),
        ].map(([, name]) => name),
        tests: tests.map(({ name, series, expected, alerts = [] }) => ({
          name,
          interval: `${sampleStep}s`,
          input_series: series,
          promql_expr_test: expected.map(({ at, query, samples }) => ({
            expr: query,
            eval_time: `${at}s`,
            exp_samples: samples.map(([labels, value]) => ({ labels, value })),
          })),
          alert_rule_test: alerts.map(({ at, alert, labels, annotations }) => ({
            eval_time: `${at}s`,
            alertname: alert,
            exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }],
          })),
        })),
      }),
    );
    const { promtool } = await ensurePrometheusPrograms(report);
    await promisify(execFile)(promtool, ["test", "rules", file], { maxBuffer: 1e8 }).catch(
      (error: unknown) => {
        throw new Error((error as { stderr: string; stdout: string }).stderr || String(error));
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
