import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type Running, start } from "./start.ts";

interface Exchange {
  method: string;
  path: string;
  /** Only set if they are not the administrator's. */
  credentials?: string;
  request: unknown;
  status: number;
  response: unknown;
}

/** Requests to a real Grafana 9.4 and its answers, in order. */
function read(name: string): Exchange[] {
  return readFileSync(new URL(`../../../fixtures/real-providers/${name}`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Exchange);
}

async function assertAnswersAlike(grafana: Running, exchange: Exchange, index: number) {
  const { method, path, credentials, request, status, response } = exchange;
  const answer = await grafana.send(method, path, request ?? undefined, credentials);
  const name = `line ${index + 1}: ${method} ${path}`;
  assert.equal(answer.status, status, name);
  assert.deepEqual(timeless(answer.body), timeless(response), name);
}

/** An answer in which a placeholder replaces every timestamp. */
function timeless(answer: unknown): unknown {
  const text = JSON.stringify(answer).replace(/"20\d\d-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"');
  return JSON.parse(text) as unknown;
}

describe("the stand-in answers as Grafana did", () => {
  it("to the provider's requests over the lifecycle of a stack", async (context) => {
    const grafana = await start(context);
    // The stand-in has no alerting.
    const recording = read("grafana-api.jsonl").filter(
      ({ path }) => !path.startsWith("/api/v1/provisioning/"),
    );
    assert.equal(recording.length, 16);
    let isEdited = false;
    for (const [index, exchange] of recording.entries()) {
      const saved = (exchange.response as { dashboard?: { version: number } }).dashboard;
      if (saved?.version === 3 && !isEdited) {
        // The manual edit in the recording removed all panels. It was not one of the provider's requests.
        isEdited = true;
        const dashboard = { ...saved, panels: [], version: 2 };
        await grafana.send("POST", "/api/dashboards/db", { dashboard, folderUid: "vllm" });
      }
      await assertAnswersAlike(grafana, exchange, index);
    }
    assert.ok(isEdited);
  });

  it("to requests that it rejects, and to requests from other clients than the provider", async (context) => {
    const grafana = await start(context);
    // The stand-in has no proxy to data sources.
    const recording = read("grafana-api-refusals.jsonl").filter(
      ({ path }) => !path.startsWith("/api/datasources/proxy/"),
    );
    assert.equal(recording.filter(({ status }) => status >= 400).length, 34);
    for (const [index, exchange] of recording.entries()) {
      await assertAnswersAlike(grafana, exchange, index);
    }
  });
});
