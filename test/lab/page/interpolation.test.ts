import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { interpolate } from "../../../lab/page/interpolation.ts";

const placeholders = { step: 30, scrapeInterval: 5, range: 3600, variables: { job: "vllm" } };

describe("interpolate", () => {
  it("fills in variables in each notation", () => {
    const expr = 'up{a="$job",b="${job}",c="${job:regex}",d="[[job]]"}';
    const filled = 'up{a="vllm",b="vllm",c="vllm",d="vllm"}';
    assert.equal(interpolate(expr, placeholders), filled);
  });

  it("leaves unknown variables unchanged", () => {
    assert.equal(interpolate("$jobs ${none}", placeholders), "$jobs ${none}");
  });

  it("fills in steps and time ranges", () => {
    assert.equal(
      interpolate("$__interval $__interval_ms $__range ${__range_s} $__range_ms", placeholders),
      "30s 30000 3600s 3600 3600000",
    );
    assert.equal(interpolate("$__interval", { ...placeholders, step: 0.5 }), "500ms");
  });

  it("uses four scrapes for a rate, and more if the step is longer", () => {
    const rate = (step: number) => interpolate("$__rate_interval", { ...placeholders, step });
    assert.equal(rate(5), "20s");
    assert.equal(rate(15), "20s");
    assert.equal(rate(16), "21s");
  });
});
