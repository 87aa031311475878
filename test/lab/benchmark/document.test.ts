import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withSection } from "../../../lab/benchmark/document.ts";
import { table } from "../../../lab/benchmark/table.ts";

describe("withSection", () => {
  const document = "# Performance\n\nMeasured.\n\n## Rules\n\nold\n\n## Ingest\n\nkept\n";

  it("replaces only the section with this title", () => {
    assert.equal(
      withSection(document, "Rules", "new\n"),
      "# Performance\n\nMeasured.\n\n## Rules\n\nnew\n\n## Ingest\n\nkept\n",
    );
  });

  it("appends a section that does not exist yet", () => {
    assert.equal(withSection(document, "Rule", "first"), `${document}\n## Rule\n\nfirst\n`);
  });
});

it("writes a table with right-aligned numbers", () => {
  assert.equal(
    table(
      ["what", "seconds"],
      [
        ["a|b", "1"],
        ["c", "2"],
      ],
    ),
    "| what | seconds |\n| --- | --: |\n| a\\|b | 1 |\n| c | 2 |",
  );
});
