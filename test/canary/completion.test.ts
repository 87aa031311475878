import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { complete, type CompletionArgs } from "../../canary/completion.ts";
import { startVllmStandIn, type Behaviour, type VllmStandIn } from "./standIn.ts";

describe("a completion of the canary", () => {
  let server: VllmStandIn;
  before(async () => {
    server = await startVllmStandIn();
  });
  after(() => server.stop());

  const ask = async (behaviour: Behaviour, args: Partial<CompletionArgs> = {}) => {
    server.behaviour = { any: behaviour };
    return complete({ url: server.url, model: "m", maxTokens: 4, timeout: 60, ...args });
  };

  it("measures a stream to its end, by the client's own clock", async () => {
    const { outcome, tokens, times } = await ask("answers");
    assert.deepEqual([outcome, tokens], ["ok", 4]);
    assert.ok(times);
    assert.ok(times.firstToken > 0 && times.firstToken <= times.duration);
    assert.ok(times.perToken !== undefined && times.perToken <= times.duration - times.firstToken);
  });

  it("requests a stream of the given number of tokens, and the token count", async () => {
    await ask("answers", { maxTokens: 7 });
    const { body } = server.asked.at(-1) ?? {};
    assert.deepEqual(body, {
      model: "m",
      prompt: "1 2 3",
      max_tokens: 7,
      temperature: 0,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("names no model if it knows none, so that the server chooses", async () => {
    await ask("answers", { model: "" });
    assert.ok(!("model" in (server.asked.at(-1)?.body ?? {})));
  });

  it("names the rank only if it has one", async () => {
    await ask("answers");
    assert.equal(server.asked.at(-1)?.rank, undefined);
    await ask("answers", { rank: 1 });
    assert.equal(server.asked.at(-1)?.rank, "1");
  });

  const OUTCOMES: [Behaviour, string, tokens: number][] = [
    ["breaks off", "broken", 1],
    ["answers nothing", "broken", 0],
    ["errs in the stream", "http_5xx", 1],
    ["drops", "refused", 0],
    [500, "http_5xx", 0],
    [502, "http_5xx", 0],
    [503, "rejected", 0],
    [404, "http_4xx", 0],
    [429, "http_4xx", 0],
    [302, "broken", 0],
  ];
  for (const [behaviour, outcome, tokens] of OUTCOMES) {
    it(`ends as ${outcome} if the server ${typeof behaviour === "number" ? `says ${behaviour}` : behaviour}`, async () => {
      assert.deepEqual(await ask(behaviour), { outcome, tokens });
    });
  }

  for (const behaviour of ["hangs", "hangs after the head", "hangs after a token"] as const) {
    it(`ends as timeout if the server ${behaviour}`, async () => {
      assert.deepEqual(await ask(behaviour, { timeout: 0.3 }), { outcome: "timeout", tokens: 0 });
    });
  }

  it("ends as refused if the port is closed", async () => {
    const gone = await startVllmStandIn();
    await gone.stop();
    assert.deepEqual(await ask("answers", { url: gone.url }), { outcome: "refused", tokens: 0 });
  });

  it("sends its key, without which the server rejects the request", async () => {
    server.key = "secret";
    assert.equal((await ask("answers")).outcome, "http_4xx");
    assert.equal((await ask("answers", { apiKey: "wrong" })).outcome, "http_4xx");
    assert.equal((await ask("answers", { apiKey: "secret" })).outcome, "ok");
    delete server.key;
  });
});
