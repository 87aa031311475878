import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { start } from "./start.ts";

interface Exchange {
  method: string;
  path: string;
  request: unknown;
  status: number;
  response: unknown;
}

/** What the Grafana provider asked a real Grafana, and its answers, in order. */
const recording = readFileSync(
  new URL("../../fixtures/real-providers/grafana-api.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Exchange)
  // The stand-in has no alerting.
  .filter(({ path }) => !path.startsWith("/api/v1/provisioning/"));

/** The text of an answer, in which one time stands for every time. */
function timeless(answer: unknown): unknown {
  const text = JSON.stringify(answer).replace(/"20\d\d-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"');
  return JSON.parse(text) as unknown;
}

it("answers every recorded request as Grafana did", async (context) => {
  const { send } = await start(context);
  assert.equal(recording.length, 16);
  let edited = false;
  for (const [index, { method, path, request, status, response }] of recording.entries()) {
    const board = (response as { dashboard?: { version: number; uid: string } }).dashboard;
    if (board?.version === 3 && !edited) {
      // The recording's hand edit, which took all panels away, was not the provider's request.
      edited = true;
      const dashboard = { ...board, panels: [], version: 2 };
      await send("POST", "/api/dashboards/db", { dashboard, folderUid: "vllm" });
    }
    const answer = await send(method, path, request ?? undefined);
    assert.equal(answer.status, status, `${index}: ${method} ${path}`);
    assert.deepEqual(timeless(answer.body), timeless(response), `${index}: ${method} ${path}`);
  }
  assert.ok(edited);
});
