import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ALERT_NAMES, type RuleOptions } from "../../../prometheus/rules/index.ts";
import { BURN_RATES } from "./burnCases.ts";
import { CANARY } from "./canaryCases.ts";
import { AVAILABILITY } from "./availabilityCases.ts";
import { NO_OBJECTIVES, since, type AlertCase } from "./alertCase.ts";
import { server, type PromtoolSeries, type Time } from "./serverLife.ts";
import { options } from "./defaultRuleOptions.ts";
import { testRules, type RuleTest } from "./promtool.ts";
import { ownServers } from "./ownServers.ts";
import { OUTLIERS } from "./outlierCases.ts";
import { SYMPTOMS } from "./symptomCases.ts";
import { STALLS } from "./stallCases.ts";
import { STACK } from "./stackCases.ts";

/** Alerts about a single server or engine. */
const TARGETS_OWN: readonly string[] = [
  ...["VllmTargetDown", "VllmTargetFlapping", "VllmTargetVanished", "VllmScrapeSlow"],
  ...["VllmEngineRestarts", "VllmHttpErrorRatioHigh", "VllmHttpMostlyErrors", "VllmNanLogits"],
  ...["VllmEngineStalled", "VllmAdmissionStalled", "VllmNoTokens"],
];

const FORMS = ["classic", "native"] as const;

/** Cases as promtool tests: exactly the expected alerts fire, and no others. */
function ruleTests(
  cases: readonly AlertCase[],
  time: Omit<Time, "seconds">,
  scale = 1,
): RuleTest[] {
  return cases.map(
    ({
      name,
      life = {},
      alone = false,
      third,
      rank,
      successor,
      own = {},
      minutes,
      fires = [],
      window,
    }) => {
      const at = Math.round((minutes * 60 * scale) / time.step) * time.step;
      const until = { ...time, seconds: at };
      const { twin, ...ownCourses } = own;
      const other = {
        instance: "b:8000",
        life: twin ? { startTime: twin } : { startTime: () => 1500 },
      };
      return {
        name,
        series: [
          ...server({ life }, until),
          ...(alone ? [] : server(other, until)),
          ...(third
            ? server({ instance: "c:8000", life: { startTime: () => 1700, ...third } }, until)
            : []),
          ...(rank ? ofEngine(server({ engine: "1", life: rank }, until)) : []),
          ...(successor
            ? ofEngine(server({ model: "n", life: { vllm: since(20, 1, 0) } }, until))
            : []),
          ...ownServers(ownCourses, until),
        ],
        expected: [
          {
            at,
            query: 'group by (alertname, long_window) (ALERTS{alertstate="firing"})',
            samples: [...fires, "Watchdog"].sort().map((alert) => [firing(alert, window), 1]),
          },
        ],
      };
    },
  );
}

/** The labels of a firing alert. The burn-rate alert also has its long window. */
function firing(alert: string, window?: string): string {
  const labels = {
    alertname: alert,
    ...(alert === "SloErrorBudgetBurn" && { long_window: window }),
  };
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
}

/** Drops the target's own series, which exist once however many engines or models it has. */
function ofEngine(series: PromtoolSeries[]): PromtoolSeries[] {
  return series.filter(({ series: one }) => one.includes("engine="));
}

/** Groups cases by the rule options that they need. */
function byOptions(cases: readonly AlertCase[]): [Partial<RuleOptions>, AlertCase[]][] {
  const usual = cases.filter((one) => !one.options);
  const others = cases.flatMap((one): [Partial<RuleOptions>, AlertCase[]][] =>
    one.options ? [[one.options, [one]]] : [],
  );
  return [[{}, usual], ...others];
}

describe("alerts fire only when they should", () => {
  for (const histograms of FORMS) {
    it(`on symptoms and on the stack's health, with ${histograms} histograms`, async () => {
      // Alerts about the stack itself use no vLLM histograms.
      const own = histograms === "classic" ? STACK : [];
      for (const [changed, cases] of byOptions([
        ...AVAILABILITY,
        ...SYMPTOMS,
        ...STALLS,
        ...OUTLIERS,
        ...CANARY,
        ...own,
      ])) {
        await testRules(
          options({ histograms, ...NO_OBJECTIVES, ...changed }),
          ruleTests(cases, { step: 30, histograms }),
        );
      }
    });

    it(`on missed objectives, with ${histograms} histograms`, async () => {
      const scale = 1 / 24;
      await testRules(
        options({ histograms, timeScale: scale, evaluationInterval: "5s" }),
        ruleTests(BURN_RATES, { step: 5, histograms }, scale),
        5,
      );
    });
  }

  it("do not fire on objectives when there are few requests or a server restarts", async () => {
    const time = { step: 30, histograms: "classic" } as const;
    const quiet: AlertCase[] = [
      {
        name: "eight late of eight",
        life: { finished: () => 1 / 60, lateFirstTokens: () => 1 },
        alone: true,
        minutes: 8,
      },
      {
        name: "no request",
        life: { finished: () => 0, running: () => 0 },
        alone: true,
        minutes: 30,
      },
      { name: "asleep", life: { finished: () => 0, awake: () => 0 }, alone: true, minutes: 30 },
      { name: "absent", life: { target: () => 0 }, alone: true, minutes: 30 },
      // An outage still counts for five minutes after it ends.
      {
        name: "the only server restarts for four minutes",
        life: { up: (at) => (at >= 20 * 60 && at < 24 * 60 ? 0 : 1) },
        alone: true,
        minutes: 27,
      },
      {
        name: "the only server was down for ten minutes",
        life: { up: (at) => (at >= 20 * 60 && at < 30 * 60 ? 0 : 1) },
        alone: true,
        minutes: 31,
        fires: ["SloErrorBudgetBurn"],
        window: "1h",
      },
      { name: "in health", minutes: 60 },
    ];
    await testRules(options(), ruleTests(quiet, time));
  });

  it("include target labels if they are about one target", async () => {
    const time = { step: 30, histograms: "classic", seconds: 75 * 60 } as const;
    const usual = [...AVAILABILITY, ...SYMPTOMS, ...STALLS].filter((one) => !one.options);
    const ofEach = TARGETS_OWN.flatMap(
      (alert) => usual.find(({ fires }) => fires?.some((one) => one === alert)) ?? [],
    );
    const labelled = [...new Set(ofEach)];
    const tests = ruleTests(labelled, time).map(({ name, series, expected }, index) => ({
      name,
      series: series.map(({ series: one, values }) => ({
        series: one.replace('job="vllm",', 'job="vllm",team="search",'),
        values,
      })),
      expected: expected.map(({ at }) => ({
        at,
        query: `group by (alertname, team) (ALERTS{alertstate="firing",alertname=~"${TARGETS_OWN.join("|")}"})`,
        samples: (labelled[index]?.fires ?? [])
          .filter((alert) => TARGETS_OWN.includes(alert))
          .sort()
          .map((alert): [string, number] => [`{alertname="${alert}",team="search"}`, 1]),
      })),
    }));
    await testRules(options({ ...NO_OBJECTIVES, targetLabels: ["team"] }), tests);
  });

  it("each have a case in which they fire, and one in which they narrowly do not", () => {
    const cases = [
      ...AVAILABILITY,
      ...SYMPTOMS,
      ...STALLS,
      ...OUTLIERS,
      ...CANARY,
      ...STACK,
      ...BURN_RATES,
    ];
    const named = (key: "fires" | "spares") => [...new Set(cases.flatMap((one) => one[key] ?? []))];
    const all = ALERT_NAMES.filter((name) => name !== "Watchdog").sort();
    assert.deepEqual(named("fires").sort(), all);
    assert.deepEqual(named("spares").sort(), all);
  });
});
