/** Scrape targets and remote write receivers that require TLS, a client certificate and a login. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { prometheusConfig, prometheusSecrets } from "../../prometheus/config.ts";
import { PROMETHEUS_SECRETS_FOLDER } from "../../prometheus/prometheusServer.ts";
import { parseSettings } from "../../settings.ts";
import { LOGIN, type SecuredPrometheus, startSecuredPrometheus } from "./securedPrometheus.ts";

describe("a server that requires TLS, a client certificate and a login", () => {
  const secrets = mkdtempSync(join(tmpdir(), "prometheus-secrets-"));
  let secured: SecuredPrometheus;
  let prometheus: PrometheusServer | undefined;

  before(async () => {
    secured = await startSecuredPrometheus();
    const client = { basicAuth: LOGIN, tls: secured.tls };
    const group = { addresses: [secured.address], scheme: "https", ...client };
    // Parses each group separately, because an address can be a target only once.
    const targets = [
      { name: "secured", params: { format: "text" }, headers: { "X-Team": "a" }, ...group },
      { name: "no-login", ...group, basicAuth: undefined },
      { name: "unknown-authority", ...group, tls: { ...secured.tls, ca: undefined } },
    ].flatMap((one) => parseSettings({ targets: [one] }).targets);
    const settings = parseSettings({
      externalLabels: { cluster: "eu-1" },
      prometheus: {
        remoteWrite: [
          {
            ...{ name: "central", url: `https://${secured.address}/api/v1/write`, ...client },
            ...{ headers: { "X-Scope-OrgID": "team-a" }, metrics: ["up", "scrape_samples_*"] },
          },
        ],
      },
    });
    const { remoteWrite, sampleLimit } = settings.prometheus;
    const files = prometheusSecrets({ targets, remoteWrite });
    for (const [name, value] of Object.entries(files)) writeFileSync(join(secrets, name), value);
    prometheus = await PrometheusServer.start((address) => {
      const config = prometheusConfig({
        ...{ ...settings, targets, remoteWrite, sampleLimit, scrapeInterval: "1s" },
        ...{ gpuExporters: [], own: { prometheus: address } },
      });
      assert.ok(!config.includes(LOGIN.password) && !config.includes("PRIVATE KEY"));
      return config.replaceAll(PROMETHEUS_SECRETS_FOLDER, secrets);
    });
  });
  after(async () => {
    await prometheus?.stop();
    await secured.stop();
    rmSync(secrets, { recursive: true });
  });

  /** Waits until a query returns `count` series, and returns them. */
  async function asked(query: string, count: number) {
    for (let tries = 0; tries < 120; tries++) {
      const series = (await prometheus?.query(query)) ?? [];
      if (series.length === count) return series;
      await sleep(250);
    }
    throw new Error(`${query} has no ${count} series.`);
  }

  it("is scraped with the right credentials only", async () => {
    const up = await asked('up{job!="prometheus"}', 3);
    assert.deepEqual(Object.fromEntries(up.map(({ metric, value }) => [metric.job, value[1]])), {
      secured: "1",
      "no-login": "0",
      "unknown-authority": "0",
    });
    const answer = await fetch(`${prometheus?.url ?? ""}/api/v1/targets`);
    const { data } = (await answer.json()) as {
      data: { activeTargets: { labels: { job: string }; lastError: string }[] };
    };
    const errorOf = (job: string) =>
      data.activeTargets.find(({ labels }) => labels.job === job)?.lastError ?? "";
    assert.match(errorOf("no-login"), /HTTP status 401/);
    assert.match(errorOf("unknown-authority"), /x509: certificate signed by unknown authority/);
  });

  it("receives the selected metrics by remote write, with the stack's labels", async () => {
    const names = async () => {
      const answer = await secured.ask("/api/v1/series?match[]={cluster=%22eu-1%22}");
      const { data } = JSON.parse(answer ?? '{"data":[]}') as { data: { __name__: string }[] };
      return [...new Set(data.map(({ __name__ }) => __name__))].sort();
    };
    let found = await names();
    for (let tries = 0; found.length === 0 && tries < 120; tries++) {
      await sleep(250);
      found = await names();
    }
    assert.deepEqual(found, [
      "scrape_samples_post_metric_relabeling",
      "scrape_samples_scraped",
      "up",
    ]);
  });

  for (const [what, query] of [
    [
      "how far it is behind",
      "prometheus_remote_storage_queue_highest_timestamp_seconds - prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
    ],
    [
      "what it refused",
      "prometheus_remote_storage_samples_failed_total + prometheus_remote_storage_histograms_failed_total",
    ],
  ] as const) {
    it(`has a series that shows ${what}, with the receiver's name`, async () => {
      const [series] = await asked(query, 1);
      assert.equal(series?.metric.remote_name, "central");
    });
  }
});
