import { routerMetrics } from "../../vllm/exporters/router.ts";
import { formatExposition } from "../../vllm/exposition.ts";
import { Journal, type SimulatedClock } from "./journal.ts";
import { Meter } from "./meter.ts";
import type { Call } from "./request.ts";
import type { FakeServer } from "./fakeServer.ts";

/** A router in front of some servers. It never restarts. */
export class Router {
  readonly #clock: SimulatedClock = { now: 0 };
  readonly #meter: Meter;
  readonly #servers: readonly FakeServer[];
  /** Answers in the last minute. */
  #answers: RoutedAnswer[] = [];

  constructor(name: string, servers: readonly FakeServer[], epoch: number) {
    this.#servers = servers;
    this.#meter = new Meter({
      clock: this.#clock,
      journal: new Journal(0),
      owner: { server: name, model: "" },
      epoch,
      version: "0.32",
      shared: false,
      maxModelLen: 0,
      customBuckets: {},
    });
    for (const metric of Object.values(routerMetrics)) this.#meter.register(metric);
  }

  /** Called when one of its servers has answered. */
  record({ spec: { name, model } }: FakeServer, call: Call, time: number): void {
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

  #show(server: FakeServer): void {
    const labels = { server: url(server.spec.name) };
    const answers = this.#answers.filter(({ name }) => name === server.spec.name);
    const mean = (value: (answer: RoutedAnswer) => number) =>
      answers.reduce((total, answer) => total + value(answer), 0) / Math.max(1, answers.length);
    const { running, prefilling } = server.requests;
    const values: [typeof routerMetrics.running, number][] = [
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

interface RoutedAnswer {
  time: number;
  /** The server's name. */
  name: string;
  seconds: number;
  generated: number;
  decoding: number;
}

/** Seconds over which the router's means are taken. */
const WINDOW = 60;

function url(name: string): string {
  return `http://${name}:8000`;
}
