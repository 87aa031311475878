/** Remote write to a second real Prometheus that asks for TLS and a login. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { planStack } from "../../plan.ts";
import { demo } from "../../demo.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { PROMETHEUS_SECRETS_FOLDER } from "../../prometheus/prometheusServer.ts";
import { parseSettings } from "../../settings.ts";

const PASSWORD = "the-password";
/** Of that password. */
const HASH = "$2b$04$EZEbHI73U9JoRaT.hWqmNOlckunpAbuhWJCjj6mXFHEfV7j2BZPqi";

describe("remote write", () => {
  const folder = mkdtempSync(join(tmpdir(), "remote-write-"));
  const file = (name: string) => join(folder, name);
  let ca: string;
  let receiver: PrometheusServer;
  let sender: PrometheusServer | undefined;

  before(async () => {
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", file("key"), "-out", file("crt"), "-days", "2", "-subj", "/CN=receiver.test"],
      ...["-addext", "subjectAltName=DNS:receiver.test"],
    ]);
    ca = readFileSync(file("crt"), "utf8");
    writeFileSync(
      file("web.yml"),
      `tls_server_config: { cert_file: ${file("crt")}, key_file: ${file("key")} }\nbasic_auth_users: { stack: ${HASH} }\n`,
    );
    receiver = await PrometheusServer.start("global: {}\n", {
      flags: ["--web.enable-remote-write-receiver", `--web.config.file=${file("web.yml")}`],
      isReady: async (url) => (await ask(url, "/-/ready")) !== undefined,
    });
  });
  after(async () => {
    await sender?.stop();
    await receiver.stop();
    rmSync(folder, { recursive: true });
  });

  /** The receiver's answer; undefined where it has none yet. */
  function ask(url: string, path: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      get(
        `${url.replace("http:", "https:")}${path}`,
        {
          agent: new Agent({ ca, servername: "receiver.test" }),
          auth: `stack:${PASSWORD}`,
        },
        (response) => {
          resolve(response.statusCode === 200 ? text(response) : undefined);
        },
      ).on("error", () => {
        resolve(undefined);
      });
    });
  }

  it("sends what is asked for, with the stack's labels, over TLS and with the login", async () => {
    const settings = parseSettings({
      externalLabels: { cluster: "eu-1" },
      prometheus: {
        remoteWrite: [
          {
            name: "central",
            url: `${receiver.url.replace("http:", "https:")}/api/v1/write`,
            basicAuth: { username: "stack", password: PASSWORD },
            headers: { "X-Scope-OrgID": "team-a" },
            tls: { ca, serverName: "receiver.test" },
            metrics: ["up", "scrape_samples_*"],
          },
        ],
      },
    });
    const { secrets } = planStack(settings, demo).monitoring.prometheus;
    for (const [name, value] of Object.entries(secrets)) writeFileSync(file(name), value);
    sender = await PrometheusServer.start((own) => {
      const config = prometheusConfig({
        ...settings,
        ...{ scrapeInterval: "1s", sampleLimit: settings.prometheus.sampleLimit },
        ...{ targets: [], gpuExporters: [], own: { prometheus: own } },
        remoteWrite: settings.prometheus.remoteWrite,
      });
      assert.ok(!config.includes(PASSWORD));
      return config.replaceAll(PROMETHEUS_SECRETS_FOLDER, folder);
    });
    const names = async () => {
      const answer = await ask(receiver.url, "/api/v1/series?match[]={cluster=%22eu-1%22}");
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

  it("has the metrics that the alerts read, by the receiver's name", async () => {
    const expressions = [
      "prometheus_remote_storage_queue_highest_timestamp_seconds - prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
      "prometheus_remote_storage_samples_failed_total + prometheus_remote_storage_histograms_failed_total",
    ];
    for (const expression of expressions) {
      let series = (await sender?.query(expression)) ?? [];
      for (let tries = 0; series.length === 0 && tries < 40; tries++) {
        await sleep(250);
        series = (await sender?.query(expression)) ?? [];
      }
      assert.deepEqual(
        series.map(({ metric }) => metric.remote_name),
        ["central"],
      );
    }
  });
});
