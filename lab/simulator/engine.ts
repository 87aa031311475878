/**
 * An engine that schedules as vLLM's V1 engine does. In each step every running request gets its next
 * token. The rest of the token budget goes to prompts, in chunks, first come first served. When the
 * KV cache is full, the youngest requests are preempted.
 */
import { recordAdmission, recordCall, recordFinish, recordFirstToken } from "./accounting.ts";
import { KV_BYTES_PER_TOKEN } from "./connectors/connector.ts";
import type { Connectors } from "./connectors/index.ts";
import type { EngineMetrics } from "./engineMetrics.ts";
import type { SimulatedClock } from "./journal.ts";
import type { KvCache } from "./kvCache.ts";
import type { LoraMetrics } from "./loraMetrics.ts";
import type { Random } from "./random.ts";
import { fetchStage, needed, type Call, type Request } from "./request.ts";
import type { EngineSpec } from "./serverSpec.ts";

/** What an engine works with. */
export interface EngineParts {
  clock: SimulatedClock;
  random: Random;
  metrics: EngineMetrics;
  kv: KvCache;
  lora: LoraMetrics | undefined;
  connectors: Connectors | undefined;
  /** Called for each call that ended: with all its answers, or because its client disconnected. */
  onEnd: (call: Call) => void;
}

export class Engine {
  /** Admits no request. */
  jammed = false;
  readonly #spec: EngineSpec;
  readonly #parts: EngineParts;
  #waiting: Request[] = [];
  #running: Request[] = [];
  #step: Step | undefined;
  #hung = false;

  constructor(spec: EngineSpec, parts: EngineParts) {
    this.#spec = spec;
    this.#parts = parts;
    this.#showSleep(0);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): number {
    return this.#running.length;
  }

  /** Running requests that have no token yet. */
  get prefilling(): number {
    return this.#running.filter(({ generated }) => generated === 0).length;
  }

  /** When the engine next does something by itself. */
  get nextAt(): number {
    return this.#hung ? Infinity : (this.#step?.endsAt ?? Infinity);
  }

  add(request: Request): void {
    this.#waiting.push(request);
    this.start();
  }

  /** Begins a step if the engine can and has work. */
  start(): void {
    if (this.#step || this.#hung || this.waiting + this.running === 0) return;
    this.#step = this.#schedule();
  }

  /** Ends the step that is due, and begins the next one. */
  endStep(): void {
    const step = this.#step;
    if (!step) return;
    this.#step = undefined;
    const { clock, metrics, kv, lora, connectors } = this.#parts;
    const left = new Set<Request>();
    let tokens = 0;
    const gaps = new Map<number, number>();
    for (const { request, compute, drafts } of step.parts) {
      request.computed += compute;
      if (request.computed < needed(request)) continue;
      if (request.firstTokenAt === undefined) {
        kv.publishPrefix(request);
        tokens += recordFirstToken(metrics, request, clock.now);
        request.firstTokenAt = clock.now;
        request.call.firstTokenAt ??= clock.now;
      } else {
        const gap = clock.now - request.lastTokenAt;
        gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
      }
      if (request.length > 0) tokens += this.#emit(request, drafts);
      if (request.generated >= Math.min(request.length, request.leavesAfter)) left.add(request);
    }
    for (const [gap, times] of gaps) metrics.interTokenLatency.observe(gap, times);
    if (tokens > 0) metrics.iterationTokens.observe(tokens);
    this.#recordWork(step);
    this.#running = this.#running.filter((request) => !left.has(request));
    for (const request of left) this.#leave(request);
    lora?.update([...this.#running, ...this.#waiting]);
    kv.evict();
    connectors?.settle();
    this.#showState();
    this.start();
  }

  /** Makes no more steps, and does not finish the current one. */
  hang(): void {
    this.#hung = true;
  }

  /** The end of a hang or a jam. */
  resume(): void {
    if (this.#hung) this.#step = undefined;
    this.#hung = this.jammed = false;
    this.start();
  }

  /** Clients that waited too long disconnect; on a hung engine, so do those that already got tokens. */
  dropImpatient(patience: number): void {
    const late = (since: number) => this.#parts.clock.now - since > patience;
    const isTired = (request: Request) =>
      request.generated === 0 ? late(request.call.arrivedAt) : late(request.lastTokenAt);
    this.#drop((request) => isTired(request) && (this.#hung || request.blocks === 0));
  }

  /** All clients disconnect in the middle of a step, whose result is lost. */
  abandon(): void {
    this.#step = undefined;
    this.#drop(() => true);
  }

  /** Puts the engine to sleep (1, 2) or wakes it (0); sleep loses the cache. */
  sleep(level: 0 | 1 | 2): void {
    this.#showSleep(level);
    if (level > 0) this.#parts.kv.clear();
  }

  #schedule(): Step {
    const { kv, clock, random } = this.#parts;
    const { speculative, step, tokenBudget, maxRunning } = this.#spec;
    const parts: ScheduledTokens[] = [];
    let budget = tokenBudget;
    let preempted = false;

    for (let i = 0; i < this.#running.length && budget > 0; i++) {
      const request = this.#running[i];
      if (!request) break;
      const compute = Math.min(needed(request) - request.computed, budget);
      const drafts = compute === 1 && request.generated > 0 ? (speculative?.tokens ?? 0) : 0;
      while (!kv.grow(request, request.computed + compute + drafts)) {
        preempted = true;
        if (this.#preemptYoungest() === request) break;
      }
      if (this.#running[i] !== request) break;
      parts.push({ request, compute, drafts });
      budget -= compute + drafts;
    }
    while (!preempted && !this.jammed && budget > 0 && this.#running.length < maxRunning) {
      const request = this.#nextWaiting();
      if (!request) break;
      const compute = this.#admit(request, budget);
      if (compute === 0 && fetchStage(request, clock.now) === "in_progress") continue;
      if (compute === 0) break;
      this.#waiting.splice(this.#waiting.indexOf(request), 1);
      this.#running.push(request);
      parts.push({ request, compute, drafts: 0 });
      budget -= compute;
    }

    const prefill = parts
      .filter((part) => !isDecode(part))
      .reduce((total, { compute }) => total + compute, 0);
    const seconds =
      step.base + step.perRequest * parts.filter(isDecode).length + step.perPrefillToken * prefill;
    const noise = random.logNormal({ median: 1, spread: 0.04 });
    // An engine that waits for capacity keeps retrying and reporting its state.
    const endsAt = clock.now + (parts.length === 0 ? IDLE_STEP : seconds * noise);
    return { endsAt, parts, tokens: tokenBudget - budget };
  }

  /** The next request to admit: first those whose blocks arrived, else those with no load in progress. */
  #nextWaiting(): Request | undefined {
    const { clock, connectors } = this.#parts;
    if (!connectors) return this.#waiting[0];
    const stages = this.#waiting.map((request) => fetchStage(request, clock.now));
    const arrived = stages.indexOf("completed_waiting");
    return this.#waiting[arrived < 0 ? stages.findIndex((one) => one !== "in_progress") : arrived];
  }

  /** Number of prompt tokens that the next step computes; 0 without room, or if blocks must load first. */
  #admit(request: Request, budget: number): number {
    const { kv, clock, metrics, random } = this.#parts;
    const first = request.scheduledAt === undefined;
    const arrived = fetchStage(request, clock.now) === "completed_waiting";
    const gap = arrived ? undefined : kv.reusePrefix(request);
    if (!arrived && first && gap === undefined && this.#fetch(request)) return 0;
    if (gap === undefined && first) request.computed = request.externalTokens;
    const compute = Math.min(needed(request) - request.computed, budget);
    if (!kv.grow(request, request.computed + compute)) {
      kv.release(request);
      request.load = undefined;
      request.externalTokens = first ? 0 : request.externalTokens;
      return 0;
    }
    request.load = undefined;
    if (gap !== undefined) kv.recordReuse(gap);
    if (first) {
      request.scheduledAt = clock.now;
      request.cachedTokens = gap === undefined ? 0 : request.computed;
      recordAdmission(metrics, request, this.#spec.externalHits > 0);
      for (let i = 0; i < request.images; i++) {
        if (random.chance(IMAGE_HITS)) metrics.imageHits.add();
      }
    }
    return compute;
  }

  /** Fetches what it can from elsewhere; returns whether that takes time or must wait for room. */
  #fetch(request: Request): boolean {
    const { kv, clock, random, connectors } = this.#parts;
    const { prefix, promptTokens } = request;
    if (!prefix) return false;
    if (request.load === undefined && !random.chance(this.#spec.externalHits)) return false;
    const tokens = Math.min(prefix.tokens, promptTokens - 1);
    if (connectors && !kv.grow(request, tokens)) {
      request.load = "wanted";
      return true;
    }
    request.externalTokens = tokens;
    const load = connectors?.load(tokens);
    if (!load) return false;
    request.load = { arrivesAt: clock.now + load.seconds };
    request.externalSource = load.source;
    if (load.fails) request.externalTokens = 0;
    return true;
  }

  /** Frees all blocks of the youngest running request, which must recompute them later. */
  #preemptYoungest(): Request | undefined {
    const request = this.#running.pop();
    if (!request) return undefined;
    this.#parts.kv.release(request);
    request.preemptions += 1;
    this.#parts.metrics.preemptions.add();
    this.#waiting.unshift(request);
    return request;
  }

  /** Gives a request its next token, or several with speculation; returns how many. */
  #emit(request: Request, drafted: number): number {
    const { clock, metrics, random } = this.#parts;
    let accepted = 0;
    if (metrics.speculative && drafted > 0) {
      const { drafts, draftTokens, acceptedTokens, acceptedAt } = metrics.speculative;
      const chance = this.#spec.speculative?.acceptance ?? 0;
      while (accepted < drafted && random.chance(chance)) {
        acceptedAt[accepted]?.add();
        accepted += 1;
      }
      drafts.add();
      draftTokens.add(drafted);
      acceptedTokens.add(accepted);
    }
    const tokens = Math.min(1 + accepted, request.length - request.generated);
    request.generated += tokens;
    // The last token of a step is not in the cache yet.
    request.computed += tokens - 1;
    request.lastTokenAt = clock.now;
    metrics.generationTokens.add(tokens);
    return tokens;
  }

  #leave(request: Request): void {
    const { call } = request;
    const answered = request.generated >= request.length;
    this.#parts.kv.release(request);
    call.generated += request.generated;
    call.longest = Math.max(call.longest, request.generated);
    call.open -= 1;
    call.lost += answered ? 0 : 1;
    if (answered) {
      recordFinish(this.#parts.metrics, request, this.#parts.clock.now);
      this.#parts.connectors?.store(needed(request));
    }
    if (call.open > 0) return;
    if (call.lost === 0) recordCall(this.#parts.metrics, call);
    this.#parts.onEnd(call);
  }

  #drop(isDropped: (request: Request) => boolean): void {
    const dropped = [...this.#running, ...this.#waiting].filter(isDropped);
    if (dropped.length === 0) return;
    this.#running = this.#running.filter((request) => !dropped.includes(request));
    this.#waiting = this.#waiting.filter((request) => !dropped.includes(request));
    for (const request of dropped) this.#leave(request);
  }

  #showSleep(level: 0 | 1 | 2): void {
    const { sleepState } = this.#parts.metrics;
    sleepState.awake.set(level === 0 ? 1 : 0);
    sleepState.weights_offloaded.set(level === 1 ? 1 : 0);
    sleepState.discard_all.set(level === 2 ? 1 : 0);
  }

  #showState(): void {
    const { metrics, kv, clock } = this.#parts;
    metrics.running.set(this.running);
    metrics.waiting.set(this.waiting);
    metrics.kvCacheUsage.set(kv.usage);
    let deferred = 0;
    if (metrics.fetchStages) {
      const stages = this.#waiting.map((request) => fetchStage(request, clock.now));
      for (const [stage, gauge] of Object.entries(metrics.fetchStages)) {
        const there = stages.filter((one) => one === stage).length;
        gauge.set(there);
        if (stage !== "waiting_to_start") deferred += there;
      }
    }
    metrics.waitingBy.capacity.set(this.waiting - deferred);
    metrics.waitingBy.deferred.set(deferred);
  }

  #recordWork({ tokens }: Step): void {
    const { parameters } = this.#spec;
    const { flops, readBytes, writtenBytes } = this.#parts.metrics;
    flops.add(2 * parameters * tokens);
    readBytes.add(BYTES_PER_PARAMETER * parameters);
    writtenBytes.add(parameters > 0 ? KV_BYTES_PER_TOKEN * tokens : 0);
  }
}

interface Step {
  endsAt: number;
  parts: ScheduledTokens[];
  tokens: number;
}

/** The tokens to compute for a request, and the number of speculated tokens after them. */
interface ScheduledTokens {
  request: Request;
  compute: number;
  drafts: number;
}

function isDecode({ request, compute }: ScheduledTokens): boolean {
  return compute === 1 && request.generated > 0;
}

/** Seconds between two checks of a queue from which nothing can be admitted. */
const IDLE_STEP = 0.1;

/** Share of images that were seen before. */
const IMAGE_HITS = 0.3;

const BYTES_PER_PARAMETER = 2;
