import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { createReport, formatElapsed, type ReportStream } from "../../tools/report.ts";

/** A stream that keeps its output. `lines` is what a log file of the output would show. */
function recorder(isTTY: boolean) {
  const written: string[] = [];
  const stream = {
    isTTY,
    columns: 40,
    write: (text: string) => written.push(text) > 0,
  } as unknown as ReportStream;
  return {
    stream,
    text: () => written.join(""),
    lines: () => stripVTControlCharacters(written.join("")).split("\n").slice(0, -1),
  };
}

const fail = () => Promise.reject(new Error("no"));

describe("a report that is not on a terminal", () => {
  it("has one plain line per step, and returns the step's result", async () => {
    const { stream, text } = recorder(false);
    const report = createReport(stream);
    assert.equal(await report.step("Counting", () => Promise.resolve(3)), 3);
    report.say("Note");
    assert.equal(text(), "Counting ... done in 0.0 s\nNote\n");
  });

  it("names the step that failed, and rethrows the error", async () => {
    const { stream, text } = recorder(false);
    await assert.rejects(createReport(stream).step("Counting", fail), { message: "no" });
    assert.equal(text(), "Counting ... failed after 0.0 s\n");
  });

  it("says what it is waiting for after 2 s", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { stream, text } = recorder(false);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const step = createReport(stream).step("Counting", () => promise);
    t.mock.timers.tick(1_999);
    assert.equal(text(), "");
    t.mock.timers.tick(1);
    assert.equal(text(), "Counting ...\n");
    resolve(undefined);
    await step;
    assert.equal(text(), "Counting ...\nCounting ... done in 0.0 s\n");
  });
});

describe("a report on a terminal", () => {
  const { NO_COLOR } = process.env;
  afterEach(() => {
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
  });

  it("marks finished steps in colour", async () => {
    delete process.env.NO_COLOR;
    const { stream, text } = recorder(true);
    const report = createReport(stream);
    await report.step("Counting", () => Promise.resolve());
    await assert.rejects(report.step("Failing", fail));
    assert.ok(text().includes("\u001b[32m✓\u001b[39m Counting \u001b[2m(0.0 s)\u001b[22m\n"));
    assert.ok(text().includes("\u001b[31m✗\u001b[39m Failing \u001b[2m(failed after 0.0 s)"));
  });

  it("has no colour with NO_COLOR", async () => {
    process.env.NO_COLOR = "1";
    const { stream, text } = recorder(true);
    await createReport(stream).step("Counting", () => Promise.resolve());
    assert.ok(text().endsWith("✓ Counting (0.0 s)\n"));
    assert.doesNotMatch(text(), /\u001b\[\d+m/);
  });

  it("shows nested steps with their details on one line that fits", async () => {
    const { stream, text } = recorder(true);
    const report = createReport(stream);
    await report.step("Outer", (update) => {
      update("a detail");
      return report.step("Inner", () => Promise.resolve());
    });
    const live = stripVTControlCharacters(text()).split("\n")[0] ?? "";
    assert.match(live, /Outer \(0 s\): a detail · Inner \(0 s\)/);
    const widest = "⠋ Outer (0 s): a detail · Inner (0 s)";
    assert.ok(widest.length < 40 && live.includes(widest));
  });

  it("cuts the live line to less than the terminal's width", async () => {
    const { stream, text } = recorder(true);
    await createReport(stream).step("x".repeat(100), () => Promise.resolve());
    const live = text().split("\n")[0]?.split("\u001b[2K")[1] ?? "";
    assert.equal(stripVTControlCharacters(live).length, 39);
  });
});

describe("formatElapsed", () => {
  for (const [milliseconds, expected] of [
    [0, "0.0 s"],
    [1_240, "1.2 s"],
    [59_949, "59.9 s"],
    [59_950, "1 min 0 s"],
    [125_000, "2 min 5 s"],
  ] as const) {
    it(`${milliseconds} ms: ${expected}`, () => {
      assert.equal(formatElapsed(milliseconds), expected);
    });
  }
});
