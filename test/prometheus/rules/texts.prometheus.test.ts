import { describe, it } from "node:test";
import { type AlertName, alertRules } from "../../../prometheus/rules/index.ts";
import { always, server } from "./serverLife.ts";
import { options } from "./defaultRuleOptions.ts";
import { testRules, type ExpectedAlert } from "./promtool.ts";
import { ownServers } from "./ownServers.ts";

const RULES = options();

/** An alert with its rule's annotations, except for the given ones. */
function says(
  alert: AlertName,
  at: number,
  labels: Record<string, string>,
  changed: Record<string, string>,
): ExpectedAlert {
  const rule = alertRules(RULES)
    .flatMap(({ rules }) => rules)
    .find(({ name }) => name === alert);
  const annotations = {
    ...{ summary: rule?.summary ?? "", description: rule?.description ?? "" },
    ...{ threshold: rule?.threshold ?? "", dashboard_url: rule?.dashboard ?? "" },
    runbook_url: RULES.links.runbook(alert),
    ...changed,
  };
  const { severity = "", concern = "" } = rule ?? {};
  return { at, alert, labels: { severity, concern, ...labels }, annotations };
}

describe("alerts say", () => {
  const end = 40 * 60;
  const time = { seconds: end, step: 30, histograms: "classic" } as const;

  it("which targets are the same server, sorted by name", async () => {
    const life = { startTime: always(2000) };
    const [b, a] = ["b:8000", "a:8000"].map((instance) => server({ instance, life }, time));
    const other = server({ instance: "c:8000", life: { startTime: always(3000) } }, time);
    const changed = {
      summary: "one engine is scraped as 2 targets",
      description:
        "a:8000, b:8000 have the same start and generate the same tokens: they are one server under several addresses, and every sum counts it so often.",
      value: "2",
    };
    await testRules(RULES, [
      {
        name: "twins",
        series: [...(b ?? []), ...(a ?? []), ...other],
        expected: [],
        alerts: [says("VllmScrapedTwice", end, { start: "2000" }, changed)],
      },
    ]);
  });

  it("large numbers with all their digits", async () => {
    const series = ownServers({ prometheus_tsdb_head_series: always(1_234_567) }, time);
    const changed = {
      description: "Prometheus holds 1234567 series in memory; 100000 were planned.",
      value: "1234567",
    };
    const labels = { job: "prometheus", instance: "localhost:9090" };
    const alerts = [says("PrometheusSeriesAbovePlan", end, labels, changed)];
    await testRules(RULES, [{ name: "series", series, expected: [], alerts }]);
  });

  it("how fast a budget is spent", async () => {
    const life = { lateFirstTokens: always(0.2), finished: always(20) };
    const labels = {
      ...{ model_name: "m", objective: "First token within 1 s" },
      ...{ long_window: "1h", short_window: "5m" },
    };
    const changed = {
      summary:
        'm spends the error budget of "First token within 1 s" 20.0 times as fast as allowed',
      description:
        'Over the last 1h m spent the error budget of "First token within 1 s" 20.0 times as fast as allowed. Over the last 5m the rate was above 14.4 as well, so it goes on.',
      value: "20.0",
      dashboard_url: "http://127.0.0.1:3000/d/vllm-slo?var-model_name=m",
    };
    await testRules(RULES, [
      {
        name: "budget",
        series: server({ life }, time),
        expected: [],
        // The next pair of windows waits for 15 minutes.
        alerts: [says("SloErrorBudgetBurn", 10 * 60, labels, changed)],
      },
    ]);
  });
});
