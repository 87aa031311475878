/** Federated series have the external labels, with exactly the configured values. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { parseSettings } from "../../settings.ts";

it("adds external labels to federated series, and expands no variables in them", async () => {
  const settings = parseSettings({ externalLabels: { cluster: "eu-1", cost: "$5 $HOME" } });
  const prometheus = await PrometheusServer.start((own) =>
    prometheusConfig({
      ...settings,
      scrapeInterval: "1s",
      sampleLimit: settings.prometheus.sampleLimit,
      targets: [],
      gpuExporters: [],
      own: { prometheus: own },
    }),
  );
  try {
    const federated = async () =>
      (await fetch(`${prometheus.url}/federate?match[]=up`).then((answer) => answer.text()))
        .split("\n")
        .find((line) => line.startsWith("up{"));
    let line = await federated();
    for (let tries = 0; line === undefined && tries < 40; tries++) {
      await sleep(250);
      line = await federated();
    }
    assert.match(line ?? "", /cluster="eu-1",cost="\$5 \$HOME"/);
  } finally {
    await prometheus.stop();
  }
});
