/** Tests every panel of every dashboard against the truth about a fleet. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DashboardOptions } from "../../dashboards/index.ts";
import type { Fleet } from "../../lab/simulator/fleet.ts";
import {
  parsedDashboards,
  variableQuery,
  type DashboardJson,
} from "../dashboards/parsedDashboards.ts";
import { asGrafanaSends } from "../prometheus/grafanaQuery.ts";
import { askedPanels, type AskedPanel } from "./askedPanels.ts";
import { assertNumbers, compare } from "./compare.ts";
import { END, SCRAPE } from "./fleet.ts";
import { recordHistory, type History } from "./history.ts";
import { values } from "./index.ts";
import { legends } from "./legends.ts";
import { assertNames, assertRows, namesOf, rowsOf } from "./names.ts";
import { FleetPart, type Lived, type Values } from "./fleetPart.ts";
import { FORMS, scrapeInBothForms, type QueryAnswer, type Scraped } from "./scrapedPrometheus.ts";

/** The reader's selection. Every other variable is All. */
export interface ReaderChoice {
  model?: string;
  instance?: string;
  engine?: string;
  /** Which column of `legends` has the names that panels then show. */
  names?: "all" | "llama";
}

/**
 * Defines the tests, for both forms of histograms.
 *
 * @param choices The selections by name. The first one selects everything.
 * @param complete Whether the fleet uses every feature. If so, each query of the first selection must
 *   return a value other than 0 (unless its expectation says why not), and each feature row must be on.
 *   Otherwise all feature rows must be off.
 * @param others Pages of targets that are not servers of the fleet.
 */
export function testDashboards(args: {
  fleet: (epoch: number) => Fleet;
  choices: Record<string, ReaderChoice>;
  complete?: boolean;
  options?: Partial<DashboardOptions>;
  others?: (epoch: number) => Map<string, History>;
}): void {
  // This time comes soon. Queries at this time see everything that Prometheus itself has scraped so far.
  const time = Math.ceil(Date.now() / 1000) + 200;
  const fleet = args.fleet(time - END);
  const histories = new Map([...recordHistory(fleet), ...(args.others?.(fleet.epoch) ?? [])]);
  const targets = new Map(
    [...histories].map(([name, { job, text, last }]) => [name, { job, past: text, now: last }]),
  );
  const scraped = scrapeInBothForms(targets, time, args.options?.oldestVersion);
  for (const histograms of FORMS) {
    describe(`with ${histograms} histograms`, () => {
      for (const dashboard of parsedDashboards({ ...args.options, histograms })) {
        for (const [index, [name, choice]] of Object.entries(args.choices).entries()) {
          const isComplete = index === 0 && args.complete === true;
          if (!canChoose(dashboard, choice)) continue;
          describe(`the dashboard ${dashboard.title}, of ${name}`, () => {
            for (const panel of askedPanels(dashboard)) {
              it(panel.title, async () => {
                const lived = { fleet, histograms, histories };
                await testPanel(
                  dashboard,
                  panel,
                  { ...choice, isComplete },
                  lived,
                  scraped[histograms],
                );
              });
            }
          });
        }
        testRows(dashboard, () => scraped[histograms]);
      }
    });
  }

  /** The titles of rows say whether a feature is on. */
  function testRows({ title, templating }: DashboardJson, prometheus: () => Scraped): void {
    for (const variable of templating.list.filter(isRowState)) {
      it(`${title} shows whether the row $${variable.name} is on`, async () => {
        const query = /^query_result\((.*)\)$/s.exec(variableQuery(variable))?.[1] ?? "";
        const answer = await prometheus().query(
          asGrafanaSends(query, { rateInterval: `${4 * SCRAPE}s`, range: "1h" }),
        );
        const states = answer.map(({ metric }) => metric.state);
        assert.deepEqual(states, [args.complete === true ? "on" : "off"]);
      });
    }
  }
}

/** Hidden variables stand in the titles of rows, except the one that chooses the servers of lines. */
function isRowState({ hide, name }: DashboardJson["templating"]["list"][number]): boolean {
  return hide !== undefined && name !== "shown";
}

async function testPanel(
  { title }: DashboardJson,
  panel: AskedPanel,
  { model, instance, engine, names, isComplete }: ReaderChoice & { isComplete: boolean },
  lived: Lived,
  prometheus: Scraped,
): Promise<void> {
  const expected = values[title]?.[panel.title];
  assert.ok(expected, `Say in test/values what the panel "${panel.title}" of ${title} shows.`);
  const isListed = "reason" in expected;
  const queries = panel.queries({
    ...(model !== undefined && { model_name: model }),
    ...(engine !== undefined && { engine }),
    ...(instance !== undefined && {
      instance: prometheus.addresses.get(instance) ?? "",
      shown: prometheus.addresses.get(instance) ?? "",
    }),
  });
  const answers = await Promise.all(
    queries.map((query) => (isListed ? prometheus.queryNow(query) : prometheus.query(query))),
  );
  for (const answer of answers) assertNumbers(answer);
  if (isListed) {
    const isAll = model === undefined && instance === undefined;
    const gives = answers.some((answer) => answer.length > 0) ? "data" : "nothing";
    if (isAll) assert.equal(gives, expected.gives, expected.reason);
    return;
  }
  assert.equal(answers.length, expected.length, "test/values has another number of queries.");
  checkNames(panel, answers, prometheus, names && legends[title]?.[panel.title]?.[names]);
  const engines = [...lived.histories].flatMap(([name, { job }]) =>
    job === "router" ? [] : [name],
  );
  for (const [index, one] of expected.entries()) {
    const labels: Values = {
      ...(model !== undefined && !one.anyModel && { model_name: model }),
      ...(engine !== undefined && { engine }),
    };
    const whole = new FleetPart(
      lived,
      instance === undefined ? engines : [instance],
      labels,
      panel.windows[index] ?? { seconds: NaN },
    );
    const proves = compare(one, whole, answers[index] ?? [], prometheus.names);
    if (!isComplete) continue;
    const letter = String.fromCharCode("A".charCodeAt(0) + index);
    if (one.blank === undefined) assert.ok(proves, `Query ${letter} shows nothing or 0.`);
    else assert.ok(!proves, `Query ${letter} does show something, although: ${one.blank}`);
  }
}

/** Fails unless lines and rows have unique names and match the expected names. */
function checkNames(
  { type, legends }: AskedPanel,
  answers: readonly QueryAnswer[][],
  { names }: Scraped,
  known: readonly string[] | undefined,
): void {
  // Each tile of the wall shows one model, because their row is repeated for each model.
  if (type === "heatmap" || type === "stat") return;
  if (type === "table") assertRows(answers);
  else assertNames(legends, answers);
  if (known === undefined) return;
  const named = answers.map((answer) =>
    answer.map(({ metric, ...rest }) => {
      const instance = names.get(metric.instance ?? "");
      return { ...rest, metric: { ...metric, ...(instance !== undefined && { instance }) } };
    }),
  );
  const shown = type === "table" ? rowsOf(named) : namesOf(legends, named);
  assert.deepEqual(shown.sort(), [...known].sort());
}

/** Whether the dashboard has the variables that the selection needs. */
function canChoose(
  { templating }: DashboardJson,
  { model, instance, engine }: ReaderChoice,
): boolean {
  const variables = templating.list.map(({ name }) => name);
  const needed = [
    ...(model === undefined && instance === undefined ? [] : ["model_name"]),
    ...(instance === undefined ? [] : ["instance"]),
    ...(engine === undefined ? [] : ["engine"]),
  ];
  return needed.every((name) => variables.includes(name));
}
