/** How long Prometheus takes to evaluate the rules, for several fleet sizes. */
import { parse } from "yaml";
import { milliseconds } from "../../common/duration.ts";
import { ruleOptions } from "../../plan.ts";
import { ruleFiles } from "../../prometheus/rules/index.ts";
import type { Report } from "../../tools/report.ts";
import { withFleet, type PastFleet } from "./data.ts";
import { enginesText, fleetSettings } from "./fleet.ts";
import { HOUR } from "./history.ts";
import type { PartOptions } from "./part.ts";
import { measured, secondsText, type Measured } from "./statistics.ts";
import { table } from "./table.ts";

/** A rule group; its expressions are evaluated one after the other. */
export interface EvaluatedGroup {
  name: string;
  /** Seconds between two evaluations. */
  interval: number;
  expressions: string[];
}

/** The cost of evaluating a group with one fleet. */
export interface GroupCost extends PastFleet {
  name: string;
  /** Seconds between two evaluations. */
  interval: number;
  rules: number;
  /** Time of one evaluation. */
  seconds: Measured;
}

/** Measures the rules and returns the text about them. */
export async function measureRules({ sizes, times }: PartOptions, report: Report): Promise<string> {
  const costs: GroupCost[] = [];
  for (const histograms of HISTOGRAMS) {
    for (const engines of sizes) {
      const fleet = { engines, histograms };
      const found = await withFleet(fleet, report, (url) =>
        report.step(`Rules with ${enginesText(engines)}, ${histograms} histograms`, (update) =>
          measureGroups(url, fleet, { times, update }),
        ),
      );
      costs.push(...found);
    }
  }
  return rulesText(costs, times);
}

const HISTOGRAMS = ["classic", "native"] as const;

async function measureGroups(
  url: string,
  { engines, histograms }: PastFleet,
  { times, update }: { times: number; update: (detail: string) => void },
): Promise<GroupCost[]> {
  const settings = fleetSettings(engines, histograms);
  const groups = groupsOf(ruleFiles(ruleOptions(settings)), settings.evaluationInterval);
  const costs: GroupCost[] = [];
  for (const { name, interval, expressions } of groups) {
    update(name);
    const seconds = await measureGroup(url, expressions, times);
    costs.push({ engines, histograms, name, interval, rules: expressions.length, seconds });
  }
  return costs;
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
  expressions: readonly string[],
  times: number,
): Promise<Measured> {
  const evaluate = async () => {
    let seconds = 0;
    for (const expression of expressions) seconds += await evaluationSeconds(url, expression);
    return seconds;
  };
  // The first evaluation brings the data into memory.
  await evaluate();
  const all: number[] = [];
  for (let time = 1; time <= times; time++) all.push(await evaluate());
  return measured(all);
}

/** Seconds that Prometheus takes, by its own measure, to evaluate an expression at the end of the hour. */
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

/** A table for each form of histograms: one row for each group, one column for each size. */
export function rulesText(costs: readonly GroupCost[], times: number): string {
  return [
    `Time that one evaluation of a group of rules takes, and its share of the group's interval: median of ${times}, with the shortest and the longest. Storing what is recorded is not part of it. The data is little more than an hour of vLLM servers: longer windows read less than they do later, and rules about the stack itself find nothing.`,
    ...HISTOGRAMS.flatMap((form) => [
      `With ${form} histograms:`,
      groupsTable(costs.filter(({ histograms }) => histograms === form)),
    ]),
  ].join("\n\n");
}

function groupsTable(costs: readonly GroupCost[]): string {
  const sizes = [...new Set(costs.map(({ engines }) => engines))];
  const groups = costs.filter(({ engines }) => engines === sizes[0]);
  return table(
    ["group", "rules", "interval", ...sizes.map(enginesText)],
    groups.map(({ name, rules, interval }) => [
      ...[name, String(rules), `${interval} s`],
      ...sizes.map((size) => {
        const cost = costs.find((one) => one.name === name && one.engines === size);
        return cost ? `${secondsText(cost.seconds)}, ${shareText(cost)}` : "";
      }),
    ]),
  );
}

function shareText({ seconds, interval }: GroupCost): string {
  return `${((100 * seconds.median) / interval).toPrecision(2)} %`;
}
