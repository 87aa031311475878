/** Everything that lives as long as the vLLM process: engines, API server, and all that they counted. */
import { formatExposition } from "../../vllm/exposition.ts";
import { metrics } from "../../vllm/catalogue/index.ts";
import { ApiServer } from "./apiServer.ts";
import { Connectors } from "./connectors/index.ts";
import { Engine } from "./engine.ts";
import { engineFamilies, engineMetrics } from "./engineMetrics.ts";
import { Extras } from "./extras.ts";
import type { SimulatedClock, Journal } from "./journal.ts";
import { KvCache, Residency } from "./kvCache.ts";
import { LoraMetrics } from "./loraMetrics.ts";
import { Meter, type Instrument } from "./meter.ts";
import { PythonProcess } from "./pythonProcess.ts";
import type { Random } from "./random.ts";
import type { Call } from "./request.ts";
import type { ServerSpec } from "./serverSpec.ts";
import { makeCall, makeRequest } from "./workload.ts";

/** The environment that a process starts in. */
export interface Surroundings {
  clock: SimulatedClock;
  journal: Journal;
  random: Random;
  epoch: number;
  /** Called for each call that ended. */
  onEnd: (call: Call) => void;
}

export class VllmProcess {
  readonly #spec: ServerSpec;
  readonly #surroundings: Surroundings;
  readonly #meter: Meter;
  readonly #engines: { engine: Engine; kv: KvCache }[];
  readonly #apiServer: ApiServer;
  readonly #python: PythonProcess | undefined;
  readonly #rejections: Instrument;
  readonly #extras: Extras;
  #sleeping: 0 | 1 | 2 = 0;
  #tired: 0 | 1 | 2 = 0;
  #turn = 0;

  constructor(spec: ServerSpec, surroundings: Surroundings) {
    const { clock, journal, epoch } = surroundings;
    const one = spec.apiServers === 1;
    this.#spec = spec;
    this.#surroundings = surroundings;
    this.#meter = new Meter({
      clock,
      journal,
      owner: { server: spec.name, model: spec.model },
      epoch,
      version: spec.version,
      shared: !one,
      maxModelLen: spec.engine.maxModelLen,
      customBuckets: spec.customBuckets,
    });
    this.#python = one ? new PythonProcess(this.#meter, epoch + clock.now) : undefined;
    for (const metric of engineFamilies(spec.engine)) this.#meter.register(metric);
    const rejections = (reason: "max_num_queued_reqs" | "max_num_queued_tokens") =>
      this.#meter.series(metrics.admissionRejections, { model_name: spec.model, reason });
    this.#rejections = rejections("max_num_queued_reqs");
    rejections("max_num_queued_tokens");
    this.#engines = Array.from({ length: spec.engines }, (_, rank) => this.#startEngine(`${rank}`));
    this.#extras = new Extras(this.#meter, clock, surroundings.random, spec.extras);
    this.#apiServer = new ApiServer(this.#meter, clock);
    this.#apiServer.register();
  }

  exposition(): string {
    return formatExposition(this.#meter.families());
  }

  /** Whether clients send nothing, because the server sleeps or is about to. */
  get isShunned(): boolean {
    return this.#sleeping + this.#tired > 0;
  }

  /** The number of requests, including waiting ones, and how many of them have no token yet. */
  get requests(): { running: number; prefilling: number } {
    const prefilling = this.#engines.map(({ engine }) => engine.waiting + engine.prefilling);
    return { running: this.#load(), prefilling: prefilling.reduce((sum, one) => sum + one, 0) };
  }

  /** When the next step of an engine ends. */
  get nextAt(): number {
    return Math.min(...this.#engines.map(({ engine }) => engine.nextAt));
  }

  /** Ends the steps that are due. */
  advance(): void {
    const { now } = this.#surroundings.clock;
    for (const { engine } of this.#engines) if (engine.nextAt <= now) engine.endStep();
  }

  /** A client sends a request. */
  arrive(): void {
    const { workload, engine: engineSpec, maxQueued } = this.#spec;
    const { clock, random } = this.#surroundings;
    const { now } = clock;
    const asked = makeCall(workload, engineSpec, random, now);
    if (random.chance(workload.invalid)) {
      this.#apiServer.answered(asked.call, "4xx");
    } else if (this.#load() + asked.call.n > maxQueued) {
      this.#rejections.add();
      this.#apiServer.answered(asked.call, "5xx");
    } else {
      for (let i = 0; i < asked.call.n; i++) {
        const { engine, kv } = this.#leastLoaded();
        engine.add(makeRequest(asked, workload, engineSpec, { random, kv, now }));
      }
    }
  }

  /** Does the periodic work. */
  tick(): void {
    this.#python?.connected(this.#load());
    this.#extras.tick();
    for (const { engine } of this.#engines) engine.dropImpatient(this.#spec.workload.patience);
    if (this.#tired > 0 && this.#load() === 0) this.#fallAsleep();
  }

  hang(only?: number): void {
    for (const [rank, { engine }] of this.#engines.entries()) {
      if (rank === (only ?? rank)) engine.hang();
    }
  }

  jam(): void {
    for (const { engine } of this.#engines) engine.jammed = true;
  }

  resume(): void {
    for (const { engine } of this.#engines) engine.resume();
  }

  abandon(): void {
    for (const { engine } of this.#engines) engine.abandon();
  }

  sleep(level: 1 | 2): void {
    this.#tired = level;
  }

  wake(): void {
    this.#tired = 0;
    if (this.#sleeping === 0) return;
    this.#sleeping = 0;
    for (const { engine } of this.#engines) engine.sleep(0);
    this.#recordOperation("wake", WAKE_SECONDS);
  }

  #startEngine(rank: string): { engine: Engine; kv: KvCache } {
    const { clock, random, epoch, onEnd } = this.#surroundings;
    const { engine: spec, model, version, apiServers, workload } = this.#spec;
    const labels = { model_name: model, engine: rank };
    const residency = spec.kvCacheMetrics ? new Residency(this.#meter, labels) : undefined;
    const kv = new KvCache(spec, workload.prefixes, clock, residency);
    const lora =
      spec.lora.length > 0
        ? new LoraMetrics(this.#meter, clock, { epoch, apiServers, adapters: spec.lora.length })
        : undefined;
    const parts = { meter: this.#meter, labels, clock, random, spec };
    const engine = new Engine(spec, {
      clock,
      random,
      kv,
      lora,
      connectors: spec.connectors.length > 0 ? new Connectors(parts) : undefined,
      metrics: engineMetrics(this.#meter, labels, version, spec),
      onEnd: (call) => {
        // A response to a client that disconnected counts as a success.
        this.#apiServer.answered(call, call.fails && call.lost === 0 ? "5xx" : "2xx");
        this.#python?.served(call.generated);
        if (call.lost === 0) this.#extras.answered(call, labels);
        onEnd(call);
      },
    });
    return { engine, kv };
  }

  #fallAsleep(): void {
    const level = this.#tired;
    this.#tired = 0;
    if (level === 0) return;
    this.#sleeping = level;
    for (const { engine } of this.#engines) engine.sleep(level);
    this.#recordOperation("sleep", SLEEP_SECONDS);
  }

  #recordOperation(operation: "sleep" | "wake", seconds: number): void {
    this.#meter.series(metrics.sleepOperationDuration, { operation }).observe(seconds);
    this.#meter.series(metrics.sleepOperationsInFlight, { operation }).set(0);
  }

  #load(): number {
    return this.#engines.reduce((total, { engine }) => total + engine.waiting + engine.running, 0);
  }

  /** Chooses as vLLM's balancer does: the engine with the fewest requests, and round-robin among equals. */
  #leastLoaded(): { engine: Engine; kv: KvCache } {
    const first = this.#turn++ % this.#engines.length;
    const inTurn = [...this.#engines.slice(first), ...this.#engines.slice(0, first)];
    const load = ({ engine }: { engine: Engine }) => engine.waiting + engine.running;
    return inTurn.reduce((best, other) => (load(other) < load(best) ? other : best));
  }
}

const SLEEP_SECONDS = 2.4;
const WAKE_SECONDS = 1.1;
