import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { demo } from "../../demo.ts";
import { planFiles, plannedImages, planStack } from "../../plan.ts";
import { parseSettings } from "../../settings.ts";

const KEY = "a key that must stay secret";

/** One group of servers with this canary. */
const group = (canary: unknown, more: object = {}) => ({
  targets: [{ name: "chat", addresses: ["gpu1:8000", "gpu2:8000"], canary, ...more }],
});

describe("the setting `canary` of a group of targets", () => {
  const parsed = (canary: unknown) => parseSettings(group(canary)).targets[0]?.canary;
  const DEFAULTS = { interval: "30s", timeout: "20s", maxTokens: 4, requestsPerHour: 1000 };

  it("is off by default, and on with true", () => {
    assert.equal(parsed(undefined), undefined);
    assert.equal(parsed(false), undefined);
    assert.deepEqual(parsed(true), DEFAULTS);
    assert.deepEqual(parsed({ maxTokens: 8 }), { ...DEFAULTS, maxTokens: 8 });
  });

  const REFUSED: [canary: unknown, message: string][] = [
    ["yes", "canary: (not shown) is not a group of settings: set the keys inside it."],
    [{ every: "1m" }, "canary.every is not a known setting"],
    [{ interval: "soon" }, 'canary.interval: "soon" is not a duration'],
    [{ maxTokens: 0 }, "canary.maxTokens: 0 is not a number of tokens: give a whole number"],
    [{ requestsPerHour: 1.5 }, "canary.requestsPerHour: 1.5 is not a number of requests"],
    [{ timeout: "30s" }, 'canary.timeout: "30s" is not less than the interval, 30s'],
    [{ apiKey: "" }, "canary.apiKey: (not shown) is missing: set the API key"],
    [{ apiKey: [KEY] }, "canary.apiKey: (not shown) is missing: set the API key"],
  ];
  for (const [canary, message] of REFUSED) {
    it(`rejects ${JSON.stringify(canary)}`, () => {
      assert.throws(
        () => parseSettings(group(canary)),
        (error: Error) => error.message.includes(message) && !error.message.includes(KEY),
      );
    });
  }

  it("accepts a timeout just below the interval, and a key that is still encrypted", () => {
    assert.equal((parsed({ timeout: "29s" }) as { timeout: string }).timeout, "29s");
    assert.doesNotThrow(() => parsed({ apiKey: { secure: "v1:abc" } }));
  });

  it("adds the canary's objective, which does not exist without a canary", () => {
    const names = (canary: boolean) =>
      parseSettings(group(canary)).slo.objectives.map(({ name }) => name);
    assert.deepEqual(names(true), [...names(false), "Canary answered"]);
  });
});

describe("a plan with a canary", () => {
  const plan = planStack(
    parseSettings(
      group(
        { apiKey: KEY, interval: "1m", maxTokens: 2 },
        { labels: { team: "search" }, scheme: "https", metricsPath: "/a/metrics" },
      ),
    ),
    demo,
  );

  it("probes each server of the group with the server's own job and instance", () => {
    const { canary } = plan.monitoring;
    assert.deepEqual(
      JSON.parse(canary?.config ?? ""),
      ["gpu1:8000", "gpu2:8000"].map((instance) => ({
        labels: { job: "chat", instance, team: "search" },
        url: `https://${instance}/a`,
        metricsUrl: `https://${instance}/a/metrics`,
        interval: 60,
        timeout: 20,
        maxTokens: 2,
        requestsPerHour: 1000,
        apiKeyFile: "/etc/canary-secrets/chat",
      })),
    );
    assert.deepEqual(canary?.secrets, { chat: KEY });
    assert.deepEqual(plannedImages(plan)["canary.image"], "node:24.21.0-alpine");
  });

  it("scrapes the canary and keeps the labels that it sets on its series", () => {
    assert.match(
      plan.monitoring.prometheus.config,
      /- job_name: canary\n {4}honor_labels: true\n {4}static_configs:\n {6}- targets:\n {10}- canary:9820\n/,
    );
  });

  it("has the key in no visible file", () => {
    const files = planFiles(plan);
    assert.ok("canary/config.json" in files);
    for (const [name, text] of Object.entries(files)) assert.ok(!text.includes(KEY), name);
  });

  it("has no canary if no group enables it", () => {
    const without = planStack(parseSettings(group(false)), demo);
    assert.equal(without.monitoring.canary, undefined);
    assert.doesNotMatch(without.monitoring.prometheus.config, /job_name: canary/);
    assert.doesNotMatch(
      Object.values(without.monitoring.prometheus.ruleFiles).join(),
      /vllm_canary|Canary/,
    );
    assert.doesNotMatch(without.monitoring.dashboards.json["vllm-instances"] ?? "", /vllm_canary/);
  });
});
