import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  CORPUS,
  type Incident,
  incidentNames,
  readIncident,
  totalsOf,
  writeIncident,
} from "../../../lab/incidents/timeline.ts";

const incident: Incident = {
  about: {
    scenario: "made-up",
    what: "Nothing much happens.",
    vllm: "0.32.0",
    flags: ["--enforce-eager"],
    env: { VLLM_CPU_KVCACHE_SPACE: "1" },
    ...{ ranks: 2, apiServers: 1, scrapeInterval: 5 },
    startedAt: "2026-11-25T18:00:00.000Z",
  },
  scrapes: [
    { at: 0, seconds: 0.01, page: '# TYPE a gauge\na{b="\\"c\\""} 1.0\n' },
    { at: 5, seconds: 5, failure: "timeout" },
  ],
  events: [
    { at: -1, what: "ready" },
    { at: 3, what: "SIGSTOP", detail: "VLLM::EngineCore" },
  ],
  requests: [
    {
      ...{ sent: 1, first: 1.25, end: 1.5, outcome: "answered", status: 200 },
      ...{ promptTokens: 20, outputTokens: 8 },
    },
    { sent: 2, end: 40, outcome: "hung", status: 0, outputTokens: 0 },
  ],
};

describe("a recorded incident", () => {
  it("is read back as it was written", () => {
    inTemporaryFolder((folder) => {
      writeIncident(incident, folder);
      assert.deepEqual(incidentNames(folder), ["made-up"]);
      assert.deepEqual(readIncident("made-up", folder), incident);
    });
  });

  it("may have no requests and no events", () => {
    inTemporaryFolder((folder) => {
      const quiet = { ...incident, events: [], requests: [] };
      writeIncident(quiet, folder);
      assert.deepEqual(readIncident("made-up", folder), quiet);
    });
  });

  it("takes almost no space for repeated pages", () => {
    inTemporaryFolder((folder) => {
      const page = Array.from({ length: 1_000 }, (_, line) => `a{b="${Math.sin(line)}"} 1.0`);
      const size = (copies: number) => {
        const scrapes = Array.from({ length: copies }, (_, index) => ({
          ...{ at: 5 * index, seconds: 0.01, page: page.join("\n") },
        }));
        writeIncident({ ...incident, scrapes }, folder);
        return statSync(join(folder, "made-up/timeline.br")).size;
      };
      assert.ok(size(40) < 1.2 * size(1));
    });
  });

  it("has totals of its requests by outcome, and of the tokens of answered requests", () => {
    assert.deepEqual(totalsOf(incident.requests), {
      ...{ requests: 2, answered: 1, aborted: 0, refused: 0, failed: 0, hung: 1 },
      ...{ promptTokens: 20, outputTokens: 8 },
    });
  });
});

describe("the recorded incidents", () => {
  it("take at most 300 kB each, and 5 MB together", () => {
    const sizes = incidentNames().map((name) => [name, folderSize(join(CORPUS, name))] as const);
    assert.deepEqual(
      sizes.filter(([, size]) => size > 300_000),
      [],
    );
    assert.ok(sizes.reduce((sum, [, size]) => sum + size, 0) <= 5_000_000);
  });

  for (const name of incidentNames()) {
    it(`${name} contains nothing that identifies the recording machine`, () => {
      const { about, scrapes } = readIncident(name);
      assert.equal(about.scenario, name);
      assert.doesNotMatch(about.flags.join(" "), PATH);
      // If pages differ only in values, checking the first one is enough.
      const pages = scrapes.flatMap(({ page }) => page ?? []);
      for (const page of [pages.at(0), pages.at(-1)]) assert.doesNotMatch(page ?? "", PATH);
    });
  }
});

const PATH = /\/(tmp|root|home|opt|work|usr|var)\b/;

function folderSize(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

function inTemporaryFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "incidents-"));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
