import assert from "node:assert/strict";
import { it } from "node:test";
import { parse } from "yaml";
import { ingestConfig, ingestText } from "../../../lab/benchmark/ingest.ts";

interface Job {
  metric_relabel_configs: unknown[];
  convert_classic_histograms_to_nhcb?: boolean;
  static_configs: unknown[];
}

it("scrapes like the product, or drops nothing in the raw form", () => {
  const job = (form: "raw" | "classic" | "native") => {
    const { scrape_configs: jobs } = parse(ingestConfig(form, 1234)) as { scrape_configs: Job[] };
    assert.equal(jobs.length, 1);
    return jobs[0];
  };
  assert.deepEqual(job("raw")?.metric_relabel_configs, []);
  assert.equal(job("classic")?.metric_relabel_configs.length, 1);
  assert.deepEqual(
    [job("raw"), job("classic"), job("native")].map(
      (one) => one?.convert_classic_histograms_to_nhcb,
    ),
    [undefined, undefined, true],
  );
  assert.deepEqual(job("native")?.static_configs[49], {
    targets: ["127.0.0.1:1234"],
    labels: { instance: "engine-49:8000", __metrics_path__: "/49" },
  });
});

it("writes a row for each form, with the CPU usage for 100 engines", () => {
  const cost = (factor: number) => ({
    ...{ series: 500 * factor, bytesPerSample: 1.5, bytesPerScrape: 750 * factor },
    ...{ memory: 2 ** 20 * factor, cpu: 0.003 * factor },
  });
  const text = ingestText(
    { raw: [cost(1), cost(0.8), cost(1.2)], classic: [cost(0.9)], native: [cost(0.2)] },
    3,
  );
  assert.deepEqual(text.split("\n").slice(-3), [
    "| as exposed, nothing dropped | 500 (400–600) | 1.50 (1.50–1.50) | 750 (600–900) | 1.00 MiB (819 KiB–1.20 MiB) | 3.00 ms (2.40 ms–3.60 ms) | 2.00 % (1.60 %–2.40 %) |",
    "| the product's default | 450 (450–450) | 1.50 (1.50–1.50) | 675 (675–675) | 922 KiB (922 KiB–922 KiB) | 2.70 ms (2.70 ms–2.70 ms) | 1.80 % (1.80 %–1.80 %) |",
    "| the product with native histograms | 100 (100–100) | 1.50 (1.50–1.50) | 150 (150–150) | 205 KiB (205 KiB–205 KiB) | 0.60 ms (0.60 ms–0.60 ms) | 0.40 % (0.40 %–0.40 %) |",
  ]);
});
