/**
 * Fake vLLM servers with accurate metrics: all metrics come from simulated requests, and you can query
 * what these requests really were. The same seed gives the same bytes.
 *
 * ```ts
 * const fleet = createFleet({
 *   seed: 1,
 *   servers: [
 *     { name: "a", model: "llama", scenario: "steady" },
 *     { name: "b", model: "llama", scenario: "burst", workload: { rate: 2 } },
 *   ],
 *   routers: [{ name: "router", servers: ["a", "b"] }],
 * });
 * fleet.advance(300);
 * fleet.exposition("a"); //                                            the text of its /metrics
 * fleet.truth({ model: "llama" }, 240, 300).quantile(0.95, metrics.timeToFirstToken); // seconds
 * fleet.truth("a", 0, 300).count(metrics.requestsFinished, { finished_reason: "stop" });
 * fleet.apply("b", { do: "hang" });
 * fleet.plan("b", { at: 360, do: "resume" });
 * ```
 */
import { Journal } from "./journal.ts";
import { Router } from "./router.ts";
import { serverSpec, type FakeServerOptions } from "./scenarios.ts";
import { FakeServer, type MetricsPage } from "./fakeServer.ts";
import type { ServerAction, Scheduled } from "./serverSpec.ts";
import { Truth, type Whose } from "./truth.ts";

export interface FleetOptions {
  seed: number;
  servers: readonly FakeServerOptions[];
  routers?: readonly { name: string; servers: readonly string[] }[];
  /** Unix time of the fleet's start, used by metrics that are timestamps; by default the start of 2026. */
  epoch?: number;
  /** How many seconds of true values are kept: all by default, none if 0. */
  remember?: number;
}

/** @throws if two servers have the same name, or a router names a server that does not exist. */
export function createFleet(options: FleetOptions): Fleet {
  return new Fleet(options);
}

export class Fleet {
  /** Names of all servers and routers. */
  readonly names: readonly string[];
  readonly epoch: number;
  readonly #journal: Journal;
  readonly #servers: Map<string, FakeServer>;
  readonly #routers = new Map<string, Router>();
  #now = 0;

  constructor({
    seed,
    servers,
    routers = [],
    epoch = NEW_YEAR,
    remember = Infinity,
  }: FleetOptions) {
    this.names = [...servers, ...routers].map(({ name }) => name);
    const twice = this.names.find((name, index) => this.names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new Error(`"${twice}" is the name of two servers of the fleet: give each its own.`);
    }
    const journal = new Journal(remember);
    const behind = new Map<string, Router[]>();
    const parts = {
      seed: `${seed}`,
      journal,
      epoch,
      onAnswer: (...answer: Parameters<Router["record"]>) => {
        for (const router of behind.get(answer[0].spec.name) ?? []) router.record(...answer);
      },
    };
    this.epoch = epoch;
    this.#journal = journal;
    this.#servers = new Map(
      servers.map((server) => [server.name, new FakeServer(serverSpec(server), parts)]),
    );
    for (const { name, servers: backends } of routers) {
      const router = new Router(
        name,
        backends.map((backend) => this.#server(backend)),
        epoch,
      );
      this.#routers.set(name, router);
      for (const backend of backends) behind.set(backend, [...(behind.get(backend) ?? []), router]);
    }
  }

  /** Seconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** Advances the time to `seconds` after the start; does nothing if that time has passed. */
  advance(seconds: number): void {
    if (seconds <= this.#now) return;
    for (const server of this.#servers.values()) server.advance(seconds);
    this.#now = seconds;
  }

  /** The metrics page of a server or router now; undefined while it is dead. */
  exposition(name: string): string | undefined {
    return this.page(name).text;
  }

  /** The metrics page together with how it is delivered. */
  page(name: string): MetricsPage {
    const router = this.#routers.get(name);
    if (router) return { text: router.exposition(this.#now), hidden: false, delay: 0 };
    return this.#server(name).page();
  }

  /** Schedules an action on a server, once or repeatedly. */
  plan(name: string, change: Scheduled): void {
    this.#server(name).plan(change);
  }

  /** Applies an action to a server now. */
  apply(name: string, change: ServerAction): void {
    this.#server(name).apply(change);
  }

  /** What happened to one or several servers, after `from` and up to and including `to`. */
  truth(whose: string | Whose, from: number, to: number): Truth {
    const filter = typeof whose === "string" ? { server: whose } : whose;
    return new Truth(this.#journal, filter, from, to);
  }

  #server(name: string): FakeServer {
    const server = this.#servers.get(name);
    if (server) return server;
    const known = [...this.#servers.keys()].join(", ");
    throw new Error(`The fleet has no server "${name}"; it has: ${known}.`);
  }
}

/** 2026-01-01T00:00:00Z */
const NEW_YEAR = 1_767_225_600;
