/** A scrape over the sample limit is discarded and counted, and its target shows the reason. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { prometheusConfig } from "../../prometheus/config.ts";
import { parseSettings } from "../../settings.ts";
import { explainScrapeError } from "../../cli/stack/statusTable.ts";
import { scrapedTargets } from "../../cli/stack/targets.ts";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { servePages } from "./servePages.ts";

it("accepts a scrape with exactly the allowed number of samples, and discards one with more", async () => {
  const page = (samples: number) =>
    Array.from({ length: samples }, (_, index) => `m{n="${index}"} 1\n`).join("");
  const pages = await Promise.all(
    [100, 101].map((samples) =>
      servePages((_, response) => {
        response.setHeader("content-type", "text/plain; version=0.0.4");
        response.end(page(samples));
      }),
    ),
  );
  const settings = parseSettings({ prometheus: { sampleLimit: 100 } });
  const group = { labels: {}, scheme: "http", metricsPath: "/metrics" } as const;
  const prometheus = await PrometheusServer.start((own) =>
    prometheusConfig({
      ...settings,
      scrapeInterval: "1s",
      sampleLimit: settings.prometheus.sampleLimit,
      gpuExporters: [],
      // Prometheus's own page has more than 100 samples, too.
      own: { prometheus: own },
      targets: pages.map(({ address }, index) => ({
        ...group,
        job: ["within", "beyond"][index] ?? "",
        addresses: [address],
      })),
    }),
  );
  try {
    let targets = await scrapedTargets(prometheus.url);
    while (targets?.filter(({ health }) => health !== "unknown").length !== pages.length) {
      await sleep(250);
      targets = await scrapedTargets(prometheus.url);
    }
    assert.deepEqual(
      targets.map(({ job, health }) => [job, health]),
      [
        ["beyond", "down"],
        ["within", "up"],
      ],
    );
    assert.equal(
      explainScrapeError(targets.find(({ job }) => job === "beyond")?.lastError ?? ""),
      "more samples than prometheus.sampleLimit: raise the limit, or disable the metrics that add so many series",
    );
  } finally {
    await prometheus.stop();
    await Promise.all(pages.map(({ stop }) => stop()));
  }
});
