import assert from "node:assert/strict";
import { it } from "node:test";
import { INSTANCE, sharesOf, timedPage } from "../../../lab/benchmark/nativeBlocks.ts";

it("adds target labels and a timestamp to each sample of a page, and keeps types", () => {
  const page =
    '# HELP a b\n# TYPE a counter\na_total{b="x y"} 1.0\na_created{b="x y"} 1.7e9\nc 2\n';
  const target = `job="vllm",instance="${INSTANCE}"`;
  assert.deepEqual(timedPage(page, 1_767_225_615).split("\n"), [
    "# TYPE a counter",
    `a_total{b="x y",${target}} 1.0 1767225615000`,
    `c{${target}} 2 1767225615000`,
    `up{${target}} 1 1767225615000`,
    `scrape_duration_seconds{${target}} 0.012 1767225615000`,
    `scrape_samples_scraped{${target}} 2 1767225615000`,
    `scrape_samples_post_metric_relabeling{${target}} 2 1767225615000`,
    `scrape_series_added{${target}} 0 1767225615000`,
    "",
  ]);
});

it("divides addresses into shares; the last share may be smaller", () => {
  assert.deepEqual(sharesOf(["a", "b", "c", "d", "e"], 2), [["a", "b"], ["c", "d"], ["e"]]);
  assert.deepEqual(sharesOf(["a"], 1), [["a"]]);
});
