/** A target whose timestamps are far from now is up, and its alert finds the series it queries. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { ruleOptions } from "../../plan.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { alertRules } from "../../prometheus/rules/index.ts";
import { parseSettings } from "../../settings.ts";
import { servePages } from "./servePages.ts";

const HOUR = 3_600_000;

for (const [name, shift, isDiscarded] of [
  ["two hours ago", -2 * HOUR, true],
  ["in an hour", HOUR, true],
  ["now", 0, false],
] as const) {
  it(`finds samples of ${name} ${isDiscarded ? "discarded" : "stored"}`, async () => {
    const page = await servePages((_, response) => {
      response.setHeader("content-type", "text/plain; version=0.0.4");
      response.end(`m 1 ${Date.now() + shift}\n`);
    });
    const settings = parseSettings({ targets: [page.address], scrapeInterval: "1s" });
    const prometheus = await PrometheusServer.start((own) =>
      prometheusConfig({
        ...{ ...settings, sampleLimit: 0, gpuExporters: [] },
        own: { prometheus: own },
      }),
    );
    try {
      // The alert's increase needs two scrapes of Prometheus's own page after the counter moved.
      await until(prometheus, 'count_over_time(up{job="prometheus"}[1m]) >= 4');
      const [up] = await prometheus.query('up{job="vllm"}');
      assert.equal(up?.value[1], "1");
      assert.equal((await prometheus.query("m")).length, isDiscarded ? 0 : 1);
      assert.equal((await prometheus.query(alertExpression(settings))).length, isDiscarded ? 1 : 0);
    } finally {
      await prometheus.stop();
      await page.stop();
    }
  });
}

function alertExpression(settings: ReturnType<typeof parseSettings>): string {
  const rules = alertRules(ruleOptions(settings)).flatMap((group) => group.rules);
  const rule = rules.find(({ name }) => name === "PrometheusTimestampsOutOfBounds");
  assert.ok(rule);
  return rule.expr;
}

async function until(prometheus: PrometheusServer, query: string): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if ((await prometheus.query(query)).length > 0) return;
    await sleep(250);
  }
  throw new Error(`There is no result for ${query} within 30 s.`);
}
