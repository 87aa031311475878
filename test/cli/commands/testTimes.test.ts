import assert from "node:assert/strict";
import { it } from "node:test";
import { fileTimes, timesTable } from "../../../cli/commands/testTimes.ts";

const line = (file: string, milliseconds: number) => `${JSON.stringify({ file, milliseconds })}\n`;

it("adds up the parts of a file, and lists the longest file first", () => {
  assert.deepEqual(fileTimes(line("a.ts", 1000) + line("b.ts", 2500) + line("a.ts", 2000)), [
    { file: "a.ts", milliseconds: 3000 },
    { file: "b.ts", milliseconds: 2500 },
  ]);
});

it("shows each level with its files that take at least ten seconds", () => {
  const files = [
    { file: "slow.ts", milliseconds: 10_000 },
    { file: "fast.ts", milliseconds: 9_999 },
  ];
  assert.equal(
    timesTable([{ level: "unit", milliseconds: 21_400, files }]),
    "   21 s  unit\n   10 s    slow.ts",
  );
});
