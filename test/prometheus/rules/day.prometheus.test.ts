import { it } from "node:test";
import { alertRules, recordingRules } from "../../../prometheus/rules/index.ts";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import type { FakeServerOptions } from "../../../lab/simulator/scenarios.ts";
import { parseExposition } from "../../../vllm/exposition.ts";
import type { PromtoolSeries } from "./serverLife.ts";
import { options } from "./defaultRuleOptions.ts";
import { testRules, type ExpectedSamples } from "./promtool.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const STEP = 30;

/**
 * A night without traffic, and a busy day with a burst every half hour. At noon there is a deployment,
 * during which the model loads for four minutes.
 */
function calmDay(name: string, model: string, noon: number, rate: number): FakeServerOptions {
  return {
    name,
    model,
    workload: {
      rate,
      swell: { share: 1.4, period: DAY },
      bursts: { every: HOUR / 2, lasting: 60, factor: 2.5 },
      errors: 0.0002,
      prefixes: { count: 8, tokens: 512, share: 0.6 },
    },
    changes: [
      { at: noon - 30, do: "load", factor: 0 },
      { at: noon, do: "restart", seconds: 240 },
      { at: noon + 245, do: "load", factor: 1 },
    ],
  };
}

const FLEET = [
  calmDay("llama-a", "llama", 6 * HOUR, 0.8),
  calmDay("llama-b", "llama", 6.2 * HOUR, 0.7),
  calmDay("qwen-a", "qwen", 8 * HOUR, 0.5),
  calmDay("qwen-b", "qwen", 8.2 * HOUR, 0.6),
];

it("fires no alert on a normal day with bursts, deployments and a night without traffic", async () => {
  const rules = options();
  const series = scrapedDay(rulesNames(rules));
  const query = 'group by (alertname) (last_over_time(ALERTS{alertstate="firing"}[1d]))';
  const busy = "count(model:vllm_requests:rate5m > 0.8)";
  const expected: ExpectedSamples[] = [
    // Without traffic the day would prove nothing.
    { at: 5 * HOUR, query: busy, samples: [["{}", 2]] },
    { at: DAY, query, samples: [['{alertname="Watchdog"}', 1]] },
  ];
  await testRules(rules, [{ name: "day", series, expected }], STEP);
});

/** The names of the series that the rules query. */
function rulesNames(rules: ReturnType<typeof options>): Set<string> {
  const expressions = [...recordingRules(rules), ...alertRules(rules)].flatMap((group) =>
    group.rules.map(({ expr }) => expr),
  );
  return new Set(expressions.join(" ").match(/[a-z_]+:?[a-z0-9_]+(?=[{[ )])/g));
}

/** The bucket bounds that alerts need. They make quantiles coarse, but quantiles are only recorded. */
const BOUNDS = new Set(["0.1", "1.0", "60.0", "+Inf"]);

/** The series that Prometheus would have scraped on that day. */
function scrapedDay(wanted: ReadonlySet<string>): PromtoolSeries[] {
  const fleet = createFleet({ seed: 24, servers: FLEET, remember: 0 });
  const steps = DAY / STEP + 1;
  const columns = new Map<string, string[]>();
  const put = (series: string, step: number, value: string) => {
    const known = columns.get(series);
    const column = known ?? Array<string>(steps).fill("_");
    if (!known) columns.set(series, column);
    column[step] = value;
  };
  for (let step = 0; step < steps; step += 1) {
    fleet.advance(step * STEP);
    for (const name of fleet.names) {
      const target = `job="vllm",instance="${name}:8000"`;
      const text = fleet.exposition(name);
      put(`up{${target}}`, step, text === undefined ? "0" : "1");
      put(`scrape_duration_seconds{${target}}`, step, "0.02");
      for (const sample of parseExposition(text ?? "").flatMap(({ samples }) => samples)) {
        const { le } = sample.labels;
        if (!wanted.has(sample.name) || (le !== undefined && !BOUNDS.has(le))) continue;
        const labels = Object.entries(sample.labels).map(([label, value]) => `${label}="${value}"`);
        put(`${sample.name}{${[target, ...labels].join(",")}}`, step, `${sample.value}`);
      }
    }
  }
  return [...columns].map(([name, column]) => ({
    series: name,
    values: staleness(column).join(" "),
  }));
}

/** Where a series ends, Prometheus marks it as stale. */
function staleness(column: string[]): string[] {
  return column.map((value, at) =>
    value === "_" && at > 0 && column[at - 1] !== "_" ? "stale" : value,
  );
}
