/**
 * Recorded metrics of a real vLLM fill each panel whose feature they contain, and no other. This proves
 * that the dashboards agree with a real vLLM, and not just with the fake fleet.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { formatExposition, parseExposition } from "../../vllm/exposition.ts";
import { parsedDashboards } from "../dashboards/parsedDashboards.ts";
import { askedPanels } from "./askedPanels.ts";
import { assertNumbers } from "./compare.ts";
import { connectors } from "./connectors.ts";
import { END, SCRAPE } from "./fleet.ts";
import { historyOf } from "./history.ts";
import { values } from "./index.ts";
import { FORMS, scrapeInBothForms } from "./scrapedPrometheus.ts";

const time = Math.ceil(Date.now() / 1000) + 60;
const epoch = time - END;

/** Panels that the fake fleet fills but that are empty here: these servers did not use the feature. */
const EMPTY: Record<string, string> = {
  "Sleep operations": "The recorded servers were not put to sleep.",
  "Arithmetic per GPU": "They ran without --enable-mfu-metrics.",
  "Memory traffic per GPU": "They ran without --enable-mfu-metrics.",
  "Weight updates": "Their weights were not updated.",
  "Tool calls parsed": "They had no --tool-call-parser.",
  "Realtime connections": "Their model has no realtime API.",
  "Corrupted requests": "They ran without VLLM_COMPUTE_NANS_IN_LOGITS.",
  "Watermarked requests": "They ran without a watermark_config.",
  "Diffusion models": "Their model is none.",
  "External hit rate by model": "They had no KV connector.",
  ...Object.fromEntries(
    Object.keys(connectors).map((title) => [title, "They had no KV connector."]),
  ),
};

const loaded = [recording("loaded-1"), recording("loaded-2")] as const;
const speculative = recording("speculative-lora")
  // Its value is the time at which it was last true.
  .replace(/^(vllm:lora_requests_info\{.*\}) .*$/gm, `$1 ${time - 10}`);
const targets = new Map([
  ["loaded", { job: "vllm", ...past(loaded[0], loaded[1]) }],
  ["speculative", { job: "vllm", ...past(fresh(speculative), speculative) }],
]);

const scraped = scrapeInBothForms(targets, time);

for (const histograms of FORMS) {
  describe(`recorded metrics, with ${histograms} histograms`, () => {
    for (const dashboard of parsedDashboards({ histograms, gpu: false, canary: false })) {
      describe(dashboard.title, () => {
        for (const { title, queries } of askedPanels(dashboard)) {
          const expected = values[dashboard.title]?.[title];
          const off = expected && "reason" in expected && expected.gives === "nothing";
          const reason = EMPTY[title] ?? (off ? expected.reason : undefined);
          it(reason === undefined ? `${title} has data` : `${title} is empty`, async () => {
            const own = expected && "reason" in expected;
            const prometheus = scraped[histograms];
            const answers = await Promise.all(
              queries({}).map((query) =>
                own ? prometheus.queryNow(query) : prometheus.query(query),
              ),
            );
            for (const answer of answers) assertNumbers(answer);
            const found = answers.filter((answer) => answer.length > 0).length;
            if (reason === undefined) assert.ok(found > 0, "There is nothing.");
            else assert.equal(found, 0, reason);
          });
        }
      });
    }
  });
}

function recording(name: string): string {
  const url = new URL(`../fixtures/vllm/vllm-0.32.0-${name}.txt`, import.meta.url);
  return readFileSync(url, "utf8");
}

/** One page until just now, then another. The difference between the two is the traffic. */
function past(before: string, now: string) {
  const pages = Array.from({ length: END / SCRAPE + 1 }, (_, index) => index * SCRAPE).map(
    (time) => ({ time, text: time < END - SCRAPE ? before : now }),
  );
  const { text, last } = historyOf({ job: "vllm", pages, epoch });
  return { past: text, now: last };
}

/** The same server before its first request. */
function fresh(page: string): string {
  return formatExposition(
    parseExposition(page).map((family) => ({
      ...family,
      samples: family.samples.map((sample) =>
        family.type === "gauge" ? sample : { ...sample, value: 0 },
      ),
    })),
  );
}
