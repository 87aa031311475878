/**
 * What the router of vllm-project/production-stack exposes (its `services/metrics_service` and
 * `routers/metrics_router.py`): some of the engines' names, but with the label `server`.
 */
import { formatExposition } from "../vllm/exposition.ts";
import { counter, gauge, histogram, type Metric } from "../vllm/metric.ts";
import { Journal, type Clock } from "./journal.ts";
import { Meter } from "./meter.ts";
import type { Call } from "./request.ts";
import type { Server } from "./server.ts";

const perServer = { server: "any" } as const;
const perModel = { server: "any", model: "any" } as const;

/** Its metrics are no vLLM's, and so not in the catalogue. */
export const routerMetrics = {
  running: gauge("vllm:num_requests_running", text("Number of running requests", perServer)),
  /** Defined and never set: no series. */
  waiting: gauge("vllm:num_requests_waiting", text("Number of waiting requests", perServer)),
  queriesPerSecond: gauge("vllm:current_qps", text("Current Queries Per Second", perServer)),
  decodingLength: gauge("vllm:avg_decoding_length", text("Average Decoding Length", perServer)),
  prefilling: gauge("vllm:num_prefill_requests", text("Number of Prefill Requests", perServer)),
  decoding: gauge("vllm:num_decoding_requests", text("Number of Decoding Requests", perServer)),
  incoming: counter(
    "vllm:num_incoming_requests",
    text("Total valid incoming requests to router (including when no backends available).", {
      model: "any",
    }),
  ),
  healthy: gauge("vllm:healthy_pods_total", text("Number of healthy vLLM pods", perServer)),
  latency: gauge("vllm:avg_latency", text("Average end-to-end request latency", perServer)),
  interToken: gauge("vllm:avg_itl", text("Average Inter-Token Latency", perServer)),
  swapped: gauge("vllm:num_requests_swapped", text("Number of swapped requests", perServer)),
  inputTokens: counter("vllm:input_tokens", text("Total input tokens processed", perModel)),
  outputTokens: counter("vllm:output_tokens", text("Total output tokens generated", perModel)),
  requestLatency: histogram("vllm:request_latency_seconds", {
    ...text("End-to-end request latency observed at the router", { ...perModel, status: "any" }),
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  }),
};

function text<const L extends Metric["labels"]>(help: string, labels: L) {
  return { unit: "none" as const, help, labels };
}

/** A router in front of some servers. It never restarts. */
export class Router {
  readonly #clock: Clock = { now: 0 };
  readonly #meter: Meter;
  readonly #servers: readonly Server[];
  /** Of the last minute. */
  #answers: Answer[] = [];

  constructor(name: string, servers: readonly Server[], epoch: number) {
    this.#servers = servers;
    this.#meter = new Meter({
      clock: this.#clock,
      journal: new Journal(0),
      owner: { server: name, model: "" },
      epoch,
      version: "0.32",
      created: true,
      maxModelLen: 0,
      customBuckets: {},
    });
    for (const metric of Object.values(routerMetrics)) this.#meter.register(metric);
  }

  /** One of its servers has answered. */
  record({ spec: { name, model } }: Server, call: Call, time: number): void {
    const { promptTokens, generated, arrivedAt, firstTokenAt, fails } = call;
    const labels = { server: url(name), model };
    const seconds = time - arrivedAt;
    const status = fails ? "500" : "200";
    this.#meter.series(routerMetrics.incoming, { model }).add();
    this.#meter.series(routerMetrics.inputTokens, labels).add(promptTokens);
    this.#meter.series(routerMetrics.outputTokens, labels).add(generated);
    this.#meter.series(routerMetrics.requestLatency, { ...labels, status }).observe(seconds);
    this.#answers.push({ time, name, seconds, generated, decoding: time - (firstTokenAt ?? time) });
  }

  exposition(now: number): string {
    this.#clock.now = now;
    this.#answers = this.#answers.filter(({ time }) => time > now - WINDOW);
    for (const server of this.#servers) this.#show(server);
    return formatExposition(this.#meter.families());
  }

  #show(server: Server): void {
    const labels = { server: url(server.spec.name) };
    const answers = this.#answers.filter(({ name }) => name === server.spec.name);
    const mean = (value: (answer: Answer) => number) =>
      answers.reduce((total, answer) => total + value(answer), 0) / Math.max(1, answers.length);
    const { running, prefilling } = server.requests;
    const values: [Metric<"gauge", typeof perServer>, number][] = [
      [routerMetrics.running, running],
      [routerMetrics.queriesPerSecond, answers.length / WINDOW],
      [routerMetrics.decodingLength, mean(({ generated }) => generated)],
      [routerMetrics.prefilling, prefilling],
      [routerMetrics.decoding, running - prefilling],
      [routerMetrics.healthy, server.isAlive ? 1 : 0],
      [routerMetrics.latency, mean(({ seconds }) => seconds)],
      [
        routerMetrics.interToken,
        mean(({ decoding, generated }) => decoding / Math.max(1, generated)),
      ],
      [routerMetrics.swapped, 0],
    ];
    for (const [metric, value] of values) this.#meter.series(metric, labels).set(value);
  }
}

interface Answer {
  time: number;
  /** The server's. */
  name: string;
  seconds: number;
  generated: number;
  decoding: number;
}

/** Seconds that the router's means are about. */
const WINDOW = 60;

function url(name: string): string {
  return `http://${name}:8000`;
}
