/** The HTTP metrics of the API server. */
import { metrics } from "../../vllm/catalogue/index.ts";
import type { SimulatedClock } from "./journal.ts";
import type { Meter } from "./meter.ts";
import type { Call } from "./request.ts";

export class ApiServer {
  readonly #meter: Meter;
  readonly #clock: SimulatedClock;

  constructor(meter: Meter, clock: SimulatedClock) {
    this.#meter = meter;
    this.#clock = clock;
  }

  /** Registers the families in vLLM's order. All exist before the first request; one already has a series. */
  register(): void {
    for (const metric of FAMILIES) this.#meter.register(metric);
    this.#meter.series(metrics.httpDuration, {});
  }

  /** A request was answered, completely or not. */
  answered(call: Call, status: "2xx" | "4xx" | "5xx"): void {
    const { handler, promptTokens, streaming, generated, arrivedAt } = call;
    const seconds = this.#clock.now - arrivedAt + 0.002;
    const request = { handler, method: "POST" };
    // Streamed responses have no Content-Length.
    const bytes = status === "2xx" ? (streaming ? 0 : 320 + 4 * generated) : 140;
    this.#meter.series(metrics.httpRequests, { ...request, status }).add();
    this.#meter.series(metrics.httpRequestSize, { handler }).observe(250 + 4 * promptTokens);
    this.#meter.series(metrics.httpResponseSize, { handler }).observe(bytes);
    this.#meter.series(metrics.httpDuration, {}).observe(seconds);
    this.#meter.series(metrics.httpDurationByHandler, request).observe(seconds);
  }
}

const FAMILIES = [
  metrics.httpRequests,
  metrics.httpRequestSize,
  metrics.httpResponseSize,
  metrics.httpDuration,
  metrics.httpDurationByHandler,
];
