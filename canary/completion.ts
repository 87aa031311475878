/** One streamed completion, measured by its client. */
import type { IncomingMessage } from "node:http";
import type { CanaryOutcome } from "../vllm/exporters/canary.ts";
import { send } from "./request.ts";

export interface CompletionArgs {
  /** URL before `/v1/completions`. */
  url: string;
  /** Empty for the server's default. */
  model: string;
  maxTokens: number;
  /** Timeout of the completion, in seconds. */
  timeout: number;
  /** The data-parallel rank that must answer. By default, any rank may answer. */
  rank?: number | undefined;
  apiKey?: string | undefined;
}

/** The outcome of a completion and, if it succeeded, its times in seconds. */
export interface Completion {
  outcome: CanaryOutcome;
  /** Generated tokens, as far as the server reported them. */
  tokens: number;
  times?: { firstToken: number; perToken: number | undefined; duration: number };
}

/** Sends a completion and reads its stream. Never throws: each failure is an outcome. */
export async function complete(args: CompletionArgs): Promise<Completion> {
  const { url, model, maxTokens, timeout, rank, apiKey } = args;
  const signal = AbortSignal.timeout(timeout * 1000);
  const begin = performance.now();
  let response: IncomingMessage | undefined;
  try {
    response = await send(`${url}/v1/completions`, {
      apiKey,
      signal,
      // Read by vLLM's own load balancer, in all of its completion endpoints.
      headers: rank === undefined ? {} : { "X-data-parallel-rank": `${rank}` },
      body: {
        ...(model !== "" && { model }),
        prompt: "1 2 3",
        max_tokens: maxTokens,
        temperature: 0,
        // A vLLM extension: without it a model may end after its first token.
        ignore_eos: true,
        stream: true,
        stream_options: { include_usage: true },
      },
    });
    const { statusCode = 0 } = response;
    if (statusCode !== 200) {
      response.destroy();
      return { outcome: failure(statusCode), tokens: 0 };
    }
    return await readStream(response, begin);
  } catch {
    if (signal.aborted) return { outcome: "timeout", tokens: 0 };
    return { outcome: response === undefined ? "refused" : "broken", tokens: 0 };
  }
}

/** vLLM answers 503 to requests that its queue limit rejects (`QueueOverflowError`). */
function failure(status: number): CanaryOutcome {
  if (status === 503) return "rejected";
  if (status >= 500) return "http_5xx";
  return status >= 400 ? "http_4xx" : "broken";
}

/** The fields of a streamed event that are used here. */
interface Event {
  choices?: unknown[];
  usage?: { completion_tokens?: number } | null;
  error?: { code?: number };
}

async function readStream(response: IncomingMessage, begin: number): Promise<Completion> {
  const arrivals: number[] = [];
  let counted: number | undefined;
  for await (const line of lines(response)) {
    if (!line.startsWith("data: ")) continue;
    const data = line.slice("data: ".length);
    if (data === "[DONE]") return success(arrivals, counted ?? arrivals.length, elapsed(begin));
    const { choices = [], usage, error } = JSON.parse(data) as Event;
    if (error) return { outcome: failure(error.code ?? 500), tokens: arrivals.length };
    if (choices.length > 0) arrivals.push(elapsed(begin));
    counted = usage?.completion_tokens ?? counted;
  }
  return { outcome: "broken", tokens: arrivals.length };
}

/** `tokens` may exceed the number of arrivals: an event can carry several tokens. */
function success(arrivals: number[], tokens: number, duration: number): Completion {
  const [firstToken, last] = [arrivals[0], arrivals.at(-1)];
  if (firstToken === undefined || last === undefined) return { outcome: "broken", tokens };
  const perToken = tokens > 1 ? (last - firstToken) / (tokens - 1) : undefined;
  return { outcome: "ok", tokens, times: { firstToken, perToken, duration } };
}

/** Not `readline`, which ends without an error when the stream fails. */
async function* lines(stream: IncomingMessage): AsyncGenerator<string> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + String(chunk)).split(/\r?\n/);
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}

function elapsed(begin: number): number {
  return (performance.now() - begin) / 1000;
}
