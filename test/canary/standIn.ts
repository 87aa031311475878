/** A stand-in for the vLLM endpoints that the canary uses. The test sets its behaviour. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the server answers completions. */
export type Behaviour =
  /** Four tokens, then the end. */
  | "answers"
  /** Accepts the request and sends nothing. */
  | "hangs"
  /** Sends the response headers and nothing more. */
  | "hangs after the head"
  /** Hangs after the first token. */
  | "hangs after a token"
  /** Closes the connection after the first token. */
  | "breaks off"
  /** Closes the connection without a response. */
  | "drops"
  /** Ends the stream without a token. */
  | "answers nothing"
  /** Sends an error in the stream, as vLLM does when the engine dies. */
  | "errs in the stream"
  /** Answers with this status. */
  | number;

export interface VllmStandIn {
  url: string;
  port: number;
  /** How each rank answers, by its number. "any" stands for requests without the header. */
  behaviour: Record<string, Behaviour>;
  /** The engines on its metrics page, in the page's order; undefined if it has no such page. */
  engines: { engine: string; awake?: boolean }[] | undefined;
  /** The status codes of `/health` and `/v1/models`. */
  status: Record<string, number>;
  /** The key that `/v1/…` requires, if any. */
  key?: string;
  /** The completion requests so far: the rank's header and the body. */
  asked: { rank: string | undefined; body: Record<string, unknown> }[];
  /** Resolves when there have been `count` completion requests in total. */
  askedFor: (count: number) => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts a stand-in on a free port of `host`, an address of this machine. */
export async function startVllmStandIn(host = "127.0.0.1"): Promise<VllmStandIn> {
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const self: VllmStandIn = {
    url: `http://${host}:${port}`,
    port,
    behaviour: {},
    engines: [{ engine: "0" }],
    status: { "/health": 200, "/v1/models": 200 },
    asked: [],
    askedFor: (count) =>
      new Promise((resolve) => {
        if (self.asked.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return self;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const { authorization } = request.headers;
    if (path.startsWith("/v1/") && self.key && authorization !== `Bearer ${self.key}`) {
      response.writeHead(401).end();
    } else if (path === "/metrics") {
      if (self.engines === undefined) response.writeHead(404).end();
      else response.end(metricsPage(self.engines));
    } else if (path === "/v1/completions") {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      const rank = request.headers["x-data-parallel-rank"] as string | undefined;
      self.asked.push({ rank, body: JSON.parse(text) as Record<string, unknown> });
      for (const { count, resolve } of waiting) if (self.asked.length >= count) resolve();
      respond(response, self.behaviour[rank ?? "any"] ?? "answers");
    } else {
      response.writeHead(self.status[path] ?? 404).end('{"data":[{"id":"m"}]}');
    }
  }
}

function respond(response: ServerResponse, behaviour: Behaviour): void {
  const send = (data: object | string) =>
    response.write(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
  const token = () => send({ choices: [{ text: "t" }] });
  if (behaviour === "hangs") return;
  if (behaviour === "drops") {
    response.destroy();
    return;
  }
  if (typeof behaviour === "number") {
    response.writeHead(behaviour).end();
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.flushHeaders();
  switch (behaviour) {
    case "answers":
      for (let count = 0; count < 4; count++) token();
      send({ choices: [], usage: { completion_tokens: 4 } });
      send("[DONE]");
      response.end();
      return;
    case "hangs after the head":
      return;
    case "hangs after a token":
      token();
      return;
    case "breaks off":
      token();
      response.end();
      return;
    case "answers nothing":
      send("[DONE]");
      response.end();
      return;
    case "errs in the stream":
      token();
      send({ error: { message: "EngineCore died", type: "InternalServerError", code: 500 } });
      send("[DONE]");
      response.end();
  }
}

function metricsPage(engines: NonNullable<VllmStandIn["engines"]>): string {
  const series = engines.map(
    ({ engine, awake = true }) =>
      `vllm:engine_sleep_state{engine="${engine}",model_name="m",sleep_state="awake"} ${Number(awake)}.0\n`,
  );
  return [
    "# HELP vllm:cache_config_info Information of the LLMEngine CacheConfig\n",
    "# TYPE vllm:cache_config_info gauge\n",
    'vllm:cache_config_info{block_size="16",engine="9"} 1.0\n',
    "# HELP vllm:engine_sleep_state Engine sleep state\n",
    "# TYPE vllm:engine_sleep_state gauge\n",
    ...series,
  ].join("");
}
