import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { formatExposition, parseExposition } from "../../vllm/exposition.ts";

describe("an exposition", () => {
  for (const name of ["idle", "loaded-1", "loaded-2", "speculative-lora"]) {
    it(`is written exactly as it was read: ${name}`, () => {
      const file = new URL(`../fixtures/vllm/vllm-0.32.0-${name}.txt`, import.meta.url);
      const text = readFileSync(file, "utf8");
      assert.equal(formatExposition(parseExposition(text)), text);
    });
  }

  it("keeps escaped characters, and values such as NaN and infinity", () => {
    const text = [
      "# HELP a_total One\\nline.",
      "# TYPE a_total counter",
      'a_total{path="C:\\\\x",quote="\\"",line="\\n"} 1.0',
      "a_total NaN",
      'a_total{le="+Inf"} +Inf',
      "",
    ].join("\n");
    const families = parseExposition(text);
    assert.deepEqual(families, [
      {
        name: "a_total",
        type: "counter",
        help: "One\nline.",
        samples: [
          { name: "a_total", labels: { path: "C:\\x", quote: '"', line: "\n" }, value: 1 },
          { name: "a_total", labels: {}, value: NaN },
          { name: "a_total", labels: { le: "+Inf" }, value: Infinity },
        ],
      },
    ]);
    assert.equal(formatExposition(families), text);
  });

  it("rejects a line that is not a sample", () => {
    assert.throws(() => parseExposition("# TYPE a gauge\na{b=c} 1\n"), {
      message: "This line is no sample of Prometheus's text format: a{b=c} 1",
    });
  });
});
