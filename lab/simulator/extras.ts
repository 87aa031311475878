/** Features that few servers have; none affects how requests are served. */
import { metrics } from "../../vllm/catalogue/index.ts";
import type { SimulatedClock } from "./journal.ts";
import type { Meter } from "./meter.ts";
import type { Random } from "./random.ts";
import type { Call } from "./request.ts";

export type Extra =
  /** `--tool-call-parser`. */
  | "tools"
  /** Clients that connect by WebSocket. */
  | "realtime"
  /** `VLLM_COMPUTE_NANS_IN_LOGITS`, on a GPU that produces some NaNs. */
  | "corruption"
  | "watermark"
  /** A trainer updates the weights every ten seconds. */
  | "weightUpdates"
  /** The model generates text by diffusion. */
  | "diffusion";

export class Extras {
  readonly #meter: Meter;
  readonly #clock: SimulatedClock;
  readonly #random: Random;
  readonly #has: (extra: Extra) => boolean;
  #connections: { since: number; until: number }[] = [];
  #updateSince: number | undefined;

  constructor(meter: Meter, clock: SimulatedClock, random: Random, extras: readonly Extra[]) {
    this.#meter = meter;
    this.#clock = clock;
    this.#random = random;
    this.#has = (extra) => extras.includes(extra);
    if (this.#has("realtime")) meter.series(metrics.webSocketsActive, {}).set(0);
  }

  /** Called when an engine has given all answers to a call. */
  answered(call: Call, labels: { model_name: string; engine: string }): void {
    if (this.#has("tools")) this.#parse(call, labels.model_name);
    if (this.#has("corruption") && this.#random.chance(0.1)) {
      this.#meter.series(metrics.corruptedRequests, labels).add(call.n);
    }
    if (this.#has("watermark")) {
      const status = this.#random.chance(0.8) ? "watermarked" : "skipped";
      this.#meter.series(metrics.watermarkRequests, { ...labels, status }).add(call.n);
    }
    if (this.#has("diffusion")) {
      const steps = Math.ceil(call.generated / TOKENS_PER_STEP);
      this.#meter.series(metrics.denoisingSteps, labels).add(steps);
      this.#meter.series(metrics.canvasPositions, labels).add(steps * CANVAS);
      this.#meter.series(metrics.committedTokens, labels).add(call.generated);
    }
  }

  /** Called every second. */
  tick(): void {
    if (this.#has("realtime")) this.#connect();
    if (this.#has("weightUpdates")) this.#updateWeights();
  }

  /** The parser runs on each piece of a stream. */
  #parse({ handler, streaming, n, generated }: Call, model_name: string): void {
    const invocations = this.#meter.series(metrics.toolCallParserInvocations, {
      model_name,
      mode: streaming ? "streaming" : "non_streaming",
      outcome: this.#random.chance(0.4) ? "tool_call" : "no_tool_call",
      request_type: handler === "/v1/chat/completions" ? "chat_completions" : "other",
    });
    invocations.add(streaming ? generated : n);
  }

  #connect(): void {
    const { now } = this.#clock;
    for (const { since, until } of this.#connections) {
      if (until <= now) this.#meter.series(metrics.webSocketDuration, {}).observe(until - since);
    }
    this.#connections = this.#connections.filter(({ until }) => until > now);
    if (this.#random.chance(0.3)) {
      const until = now + this.#random.exponential(1 / 12);
      this.#connections.push({ since: now, until });
      this.#meter.series(metrics.webSockets, {}).add();
    }
    this.#meter.series(metrics.webSocketsActive, {}).set(this.#connections.length);
  }

  #updateWeights(): void {
    const { now } = this.#clock;
    const labels = { operation: "update" } as const;
    const inFlight = this.#meter.series(metrics.weightUpdatesInFlight, labels);
    if (this.#updateSince !== undefined && now - this.#updateSince >= UPDATE_SECONDS) {
      const duration = this.#meter.series(metrics.weightUpdateDuration, labels);
      duration.observe(now - this.#updateSince);
      this.#updateSince = undefined;
    } else if (Math.round(now) % 10 === 0) {
      this.#updateSince ??= now;
    }
    inFlight.set(this.#updateSince === undefined ? 0 : 1);
  }
}

/** Of a diffusion model: the tokens that a step finalizes, and the positions that it evaluates. */
const TOKENS_PER_STEP = 6;
const CANVAS = 32;

const UPDATE_SECONDS = 3;
