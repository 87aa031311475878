/** Runs rules against made-up series, by `promtool test rules`. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePrometheusPrograms } from "../../../offline/images/index.ts";
import { ruleFiles, type RuleOptions } from "../../../prometheus/rules/index.ts";
import { report } from "../../../tools/setup/report.ts";
import type { Series } from "./life.ts";

/** A query at a time, and all series that it answers with, by their labels. */
export interface Expected {
  /** Seconds. */
  at: number;
  query: string;
  samples: [labels: string, value: number][];
}

/** The one alert of a name at a time, and what it says. */
export interface ExpectedAlert {
  /** Seconds. */
  at: number;
  alert: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Series over time, and what is to be found in them. */
export interface RuleTest {
  name: string;
  series: Series[];
  expected: Expected[];
  alerts?: ExpectedAlert[];
}

/**
 * Runs tests on the same rules; a step is the time between two samples and two evaluations.
 *
 * @throws with promtool's own words if anything else is found than expected.
 */
export async function testRules(
  rules: RuleOptions,
  tests: readonly RuleTest[],
  step = 30,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    const files = ruleFiles(rules);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const file = join(folder, "tests.yml");
    writeFileSync(
      file,
      // JSON is YAML, and quicker to write where series are long.
      JSON.stringify({
        rule_files: Object.keys(files),
        evaluation_interval: `${step}s`,
        // Else groups would come in any order, and alerts before what they are about.
        group_eval_order: [
          ...Object.values(files)
            .join("\n")
            .matchAll(/^ {2}- name: (.+)$/gm),
        ].map(([, name]) => name),
        tests: tests.map(({ name, series, expected, alerts = [] }) => ({
          name,
          interval: `${step}s`,
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
