/**
 * Clients that stream completions and record what they see: the ground truth to compare a recording
 * with.
 */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { word } from "./tinyModel.ts";
import type { ClientRequest, RequestOutcome } from "./timeline.ts";

/** A stream of requests at random times, sent whether or not earlier ones are answered. */
export interface RequestLoad {
  /** Requests per second, on average. */
  readonly rate: number;
  readonly seconds: number;
  /** How many requests come at once. Default 1. */
  readonly burst?: number;
  /** Minimum and maximum tokens of a prompt. Default 20 to 60. */
  readonly prompt?: readonly [number, number];
  /** Minimum and maximum tokens of an answer. Default 8 to 24. */
  readonly output?: readonly [number, number];
  /** The share of requests that the client drops at the first token. Default 0. */
  readonly aborted?: number;
  /** Models to request, in turn. */
  readonly models?: readonly string[];
  /**
   * Prompts are repetitive and answers use the likeliest tokens, so that n-gram speculation can guess
   * them.
   */
  readonly repetitive?: boolean;
  /** The first words of all prompts are the same, so that the prefix cache can hit. Default 0. */
  readonly sharedPrefix?: number;
}

/** A request counts as hung if it gets no token for this many seconds and is never answered. */
const HANGING = 30;

export class Client {
  readonly requests: ClientRequest[] = [];
  /** What the server calls its model now. */
  model = "tiny";
  readonly #port: number;
  readonly #clock: () => number;
  readonly #random = randomNumbers(10);
  readonly #underWay = new Map<Promise<void>, AbortController>();

  /** `clock` returns the seconds since the first scrape. */
  constructor(port: number, clock: () => number) {
    this.#port = port;
    this.#clock = clock;
  }

  /** Sends a load's requests; returns once the last of them is sent. */
  async send(load: RequestLoad, signal: AbortSignal): Promise<void> {
    const end = this.#clock() + load.seconds;
    const { burst = 1 } = load;
    for (let index = 0; ; index += burst) {
      const pause = (-Math.log(1 - this.#random()) * burst) / load.rate;
      if (this.#clock() + pause >= end) break;
      await sleep(pause * 1000, undefined, { signal });
      for (let one = 0; one < burst; one++) this.#start(load, index + one);
    }
    await sleep(Math.max(0, end - this.#clock()) * 1000, undefined, { signal });
  }

  /** How many requests are in flight. */
  get inFlight(): number {
    return this.#underWay.size;
  }

  /** Waits until no request is in flight, for at most this many seconds. */
  async settled(seconds: number): Promise<void> {
    const late = AbortSignal.timeout(seconds * 1000);
    while (this.inFlight > 0 && !late.aborted) await sleep(100);
  }

  /** Drops the requests still in flight, and waits until their ends are recorded. */
  async close(): Promise<void> {
    for (const drop of this.#underWay.values()) drop.abort();
    await Promise.all(this.#underWay.keys());
    this.requests.sort((one, other) => one.sent - other.sent);
  }

  #start(load: RequestLoad, index: number): void {
    const controller = new AbortController();
    const done = this.#ask(load, index, controller).then((request) => {
      this.requests.push(request);
      this.#underWay.delete(done);
    });
    this.#underWay.set(done, controller);
  }

  async #ask(
    load: RequestLoad,
    index: number,
    controller: AbortController,
  ): Promise<ClientRequest> {
    const model = load.models?.[index % load.models.length];
    const promptLength = this.#between(load.prompt ?? [20, 60]);
    const isDropped = this.#random() < (load.aborted ?? 0);
    const body = {
      model: model ?? this.model,
      prompt: this.#prompt(promptLength, load),
      max_tokens: this.#between(load.output ?? [8, 24]),
      temperature: load.repetitive === true ? 0 : 1,
      stream: true,
      stream_options: { include_usage: true },
    };
    const sent = this.#now();
    let first: number | undefined;
    let status = 0;
    let pieces = 0;
    let usage: Usage | undefined;
    let isComplete = false;
    let byClient = false;
    try {
      const response = await post(this.#port, body, controller.signal);
      status = response.statusCode ?? 0;
      for await (const line of createInterface({ input: response })) {
        if (status !== 200 || !line.startsWith("data: ")) continue;
        if (line === "data: [DONE]") {
          isComplete = true;
          break;
        }
        const data = JSON.parse(line.slice("data: ".length)) as Piece;
        if (data.error !== undefined) break;
        usage = data.usage ?? usage;
        if ((data.choices ?? []).length === 0) continue;
        first ??= this.#now();
        pieces++;
        if (isDropped) {
          byClient = true;
          break;
        }
      }
      response.destroy();
    } catch {
      // The connection broke or was never made; the status and the received data show how far it got.
    }
    const end = this.#now();
    const outcome = (): RequestOutcome => {
      if (byClient) return "aborted";
      if (isComplete) return "answered";
      if (status === 503) return "refused";
      return end - (first ?? sent) > HANGING ? "hung" : "failed";
    };
    const how = outcome();
    return {
      sent,
      ...(first === undefined ? {} : { first }),
      ...{ end, outcome: how, status },
      ...(how === "answered" && usage ? { promptTokens: usage.prompt_tokens } : {}),
      outputTokens: how === "answered" && usage ? usage.completion_tokens : pieces,
      ...(model === undefined ? {} : { model }),
    };
  }

  #prompt(length: number, { sharedPrefix = 0, repetitive = false }: RequestLoad): string {
    return Array.from({ length }, (_, index) => {
      if (index < sharedPrefix) return word(index);
      return word(repetitive ? index % 8 : Math.floor(this.#random() * 500));
    }).join(" ");
  }

  #between([from, to]: readonly [number, number]): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  #now(): number {
    return Math.round(this.#clock() * 1000) / 1000;
  }
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

interface Piece {
  choices?: unknown[];
  usage?: Usage | null;
  error?: unknown;
}

/** A separate connection for each request, as from many clients. */
function post(port: number, body: object, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = httpRequest(
    {
      ...{ host: "127.0.0.1", port, path: "/v1/completions", method: "POST", agent: false, signal },
      headers: { "content-type": "application/json" },
    },
    resolve,
  );
  request.on("error", reject);
  request.end(JSON.stringify(body));
  return promise;
}

/**
 * Repeatable random numbers from 0 to 1 (mulberry32), so that two recordings get the same requests.
 */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
