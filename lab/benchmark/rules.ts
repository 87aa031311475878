/** How long Prometheus takes to evaluate the rules, at several sizes of the fleet. */
import { parse } from "yaml";
import { milliseconds } from "../../common/duration.ts";
import { ruleOptions } from "../../plan.ts";
import { ruleFiles } from "../../prometheus/rules/index.ts";
import type { Report } from "../../tools/report.ts";
import { withFleet } from "./data.ts";
import { enginesText, fleetSettings } from "./fleet.ts";
import { HOUR } from "./history.ts";
import type { PartOptions } from "./part.ts";
import { measured, secondsText, type Measured } from "./statistics.ts";
import { table } from "./table.ts";

/** A group of rules, whose expressions are evaluated one after the other. */
export interface EvaluatedGroup {
  name: string;
  /** Seconds between two evaluations. */
  interval: number;
  expressions: string[];
}

/** What the evaluation of a group costs at one size of the fleet. */
export interface GroupCost {
  engines: number;
  name: string;
  /** Seconds between two evaluations. */
  interval: number;
  rules: number;
  /** Of one evaluation. */
  seconds: Measured;
}

/** Measures the rules, and answers with the text about them. */
export async function measureRules({ sizes, times }: PartOptions, report: Report): Promise<string> {
  const costs: GroupCost[] = [];
  for (const engines of sizes) {
    const settings = fleetSettings(engines);
    const groups = groupsOf(ruleFiles(ruleOptions(settings)), settings.evaluationInterval);
    const found = await withFleet(engines, report, (url) =>
      report.step(`Rules with ${enginesText(engines)}`, async (update) => {
        const measuredGroups: GroupCost[] = [];
        for (const group of groups) {
          update(group.name);
          measuredGroups.push(await measureGroup(url, group, { engines, times }));
        }
        return measuredGroups;
      }),
    );
    costs.push(...found);
  }
  return rulesText(costs, times);
}

/** The groups of rule files. */
export function groupsOf(
  files: Record<string, string>,
  evaluationInterval: string,
): EvaluatedGroup[] {
  return Object.values(files).flatMap((text) =>
    (parse(text) as RuleFile).groups.map(({ name, interval = evaluationInterval, rules }) => ({
      name,
      interval: milliseconds(interval) / 1000,
      expressions: rules.map(({ expr }) => expr),
    })),
  );
}

interface RuleFile {
  groups: { name: string; interval?: string; rules: { expr: string }[] }[];
}

async function measureGroup(
  url: string,
  { name, interval, expressions }: EvaluatedGroup,
  { engines, times }: { engines: number; times: number },
): Promise<GroupCost> {
  const evaluate = async () => {
    let seconds = 0;
    for (const expression of expressions) seconds += await evaluationSeconds(url, expression);
    return seconds;
  };
  // The first brings the data into memory.
  await evaluate();
  const all: number[] = [];
  for (let time = 1; time <= times; time++) all.push(await evaluate());
  return { engines, name, interval, rules: expressions.length, seconds: measured(all) };
}

/** Seconds that Prometheus, by its own clock, evaluates an expression at the end of the hour. */
async function evaluationSeconds(url: string, query: string): Promise<number> {
  const body = new URLSearchParams({ query, time: String(HOUR.to), stats: "true" });
  const response = await fetch(`${url}/api/v1/query`, { method: "POST", body });
  const { error, data } = (await response.json()) as {
    error?: string;
    data?: { stats: { timings: { execTotalTime: number } } };
  };
  if (data === undefined) throw new Error(`${query}: ${error ?? response.status}`);
  return data.stats.timings.execTotalTime;
}

/** The table: one row for each group, one column for each size. */
export function rulesText(costs: readonly GroupCost[], times: number): string {
  const sizes = [...new Set(costs.map(({ engines }) => engines))];
  const groups = costs.filter(({ engines }) => engines === sizes[0]);
  return [
    `Time that one evaluation of a group of rules takes, and its share of the group's interval: median of ${times}, with the shortest and the longest. Storing what is recorded is not part of it. The data is little more than an hour of vLLM servers: longer windows read less than they do later, and rules about the stack itself find nothing.`,
    table(
      ["group", "rules", "interval", ...sizes.map(enginesText)],
      groups.map(({ name, rules, interval }) => [
        ...[name, String(rules), `${interval} s`],
        ...sizes.map((size) => {
          const cost = costs.find((one) => one.name === name && one.engines === size);
          return cost ? `${secondsText(cost.seconds)}, ${shareText(cost)}` : "";
        }),
      ]),
    ),
  ].join("\n\n");
}

function shareText({ seconds, interval }: GroupCost): string {
  return `${((100 * seconds.median) / interval).toPrecision(2)} %`;
}
