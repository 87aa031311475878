/** One fake server on simulated time: clients send requests, engines serve them, and faults happen. */
import { clientTruth } from "./clientTruth.ts";
import type { SimulatedClock, Journal, JournalSeries } from "./journal.ts";
import { Random } from "./random.ts";
import type { Call } from "./request.ts";
import type { ServerAction, Scheduled, ServerSpec } from "./serverSpec.ts";
import { VllmProcess } from "./vllmProcess.ts";
import { arrivalRate } from "./workload.ts";

/** How the metrics page answers. */
export interface MetricsPage {
  /** Undefined if the server is dead: it refuses connections. */
  text: string | undefined;
  /** Whether the answer is 404. */
  hidden: boolean;
  /** Real seconds until the answer. */
  delay: number;
}

export class FakeServer {
  readonly spec: ServerSpec;
  readonly #clock: SimulatedClock = { now: 0 };
  readonly #journal: Journal;
  readonly #random: Random;
  readonly #epoch: number;
  readonly #onAnswer: (server: FakeServer, call: Call, time: number) => void;
  readonly #hidden: Record<keyof typeof clientTruth, JournalSeries | undefined>;
  readonly #schedule: Planned[] = [];
  #process: VllmProcess | undefined;
  #load = 1;
  #arrivalAt = 0;
  #tickAt = 0;
  #page = { hidden: false, delay: 0 };

  constructor(
    spec: ServerSpec,
    {
      seed,
      journal,
      epoch,
      onAnswer,
    }: {
      seed: string;
      journal: Journal;
      epoch: number;
      onAnswer: (server: FakeServer, call: Call, time: number) => void;
    },
  ) {
    this.spec = { ...spec, workload: { ...spec.workload } };
    this.#journal = journal;
    this.#epoch = epoch;
    this.#random = new Random(`${seed}/${spec.name}`);
    this.#onAnswer = onAnswer;
    const owner = { server: spec.name, model: spec.model };
    this.#hidden = {
      arrivals: journal.line(clientTruth.arrivals, owner, {}),
      refused: journal.line(clientTruth.refused, owner, {}),
      disconnects: journal.line(clientTruth.disconnects, owner, {}),
      withoutToken: journal.line(clientTruth.withoutToken, owner, {}),
    };
    for (const change of spec.changes) this.plan(change);
    this.#start();
  }

  get isAlive(): boolean {
    return this.#process !== undefined;
  }

  get requests(): VllmProcess["requests"] {
    return this.#process?.requests ?? { running: 0, prefilling: 0 };
  }

  page(): MetricsPage {
    return { ...this.#page, text: this.#process?.exposition() };
  }

  /** Runs all events up to and including a time. */
  advance(to: number): void {
    for (;;) {
      const change = this.#nextChange();
      const at = Math.min(
        change?.at ?? Infinity,
        this.#tickAt,
        this.#arrivalAt,
        this.#process?.nextAt ?? Infinity,
      );
      if (at > to) break;
      this.#clock.now = at;
      if (change?.at === at) this.#happen(change);
      else if (this.#tickAt === at) this.#tick();
      else if (this.#arrivalAt === at) this.#arrive();
      else this.#process?.advance();
    }
    this.#clock.now = to;
  }

  /** Schedules an action on the server. */
  plan({ at, every, ...change }: Scheduled): void {
    this.#schedule.push({ at: Math.max(at, this.#clock.now), every, change });
  }

  /** Applies an action to the server now. */
  apply(change: ServerAction): void {
    switch (change.do) {
      case "kill":
        this.#kill();
        break;
      case "start":
        this.#start();
        break;
      case "restart":
        this.#kill();
        this.plan({ at: this.#clock.now + change.seconds, do: "start" });
        break;
      case "hang":
        this.#process?.hang(change.rank);
        break;
      case "jam":
        this.#process?.jam();
        break;
      case "resume":
        this.#process?.resume();
        break;
      case "abandon":
        this.#process?.abandon();
        break;
      case "sleep":
        this.#process?.sleep(change.level);
        break;
      case "wake":
        this.#process?.wake();
        break;
      case "load":
        this.#load = change.factor;
        this.#planArrival();
        break;
      case "errors":
        this.spec.workload.errors = change.share;
        break;
      case "answerSlowly":
        this.#page.delay = change.seconds;
        break;
      case "hide":
        this.#page.hidden = true;
        break;
      case "show":
        this.#page.hidden = false;
        break;
    }
  }

  #start(): void {
    if (this.#process) return;
    this.#process = new VllmProcess(this.spec, {
      clock: this.#clock,
      journal: this.#journal,
      random: this.#random,
      epoch: this.#epoch,
      onEnd: (call) => {
        this.#ended(call);
      },
    });
  }

  #kill(): void {
    if (!this.#process) return;
    this.#process = undefined;
    this.#journal.close(this.spec.name, this.#clock.now);
  }

  #tick(): void {
    this.#tickAt += 1;
    this.#process?.tick();
    this.#planArrival();
  }

  /** Plans the next arrival at the current rate; repeated at each tick, since the rate changes. */
  #planArrival(): void {
    const { now } = this.#clock;
    const rate = this.#process?.isShunned ? 0 : this.#load * arrivalRate(this.spec.workload, now);
    this.#arrivalAt = rate > 0 ? now + this.#random.exponential(rate) : Infinity;
  }

  #arrive(): void {
    this.#hidden.arrivals?.add(this.#clock.now, 1);
    if (this.#process) this.#process.arrive();
    else this.#hidden.refused?.add(this.#clock.now, 1);
    this.#planArrival();
  }

  #ended(call: Call): void {
    const { now } = this.#clock;
    if (call.lost === 0) {
      this.#onAnswer(this, call, now);
      return;
    }
    this.#hidden.disconnects?.add(now, 1);
    if (call.firstTokenAt === undefined) this.#hidden.withoutToken?.add(now, 1);
  }

  #nextChange(): Planned | undefined {
    return this.#schedule.reduce<Planned | undefined>(
      (first, other) => (first && first.at <= other.at ? first : other),
      undefined,
    );
  }

  #happen(scheduled: Planned): void {
    if (scheduled.every === undefined) {
      this.#schedule.splice(this.#schedule.indexOf(scheduled), 1);
    } else {
      scheduled.at += scheduled.every;
    }
    this.apply(scheduled.change);
  }
}

interface Planned {
  at: number;
  every: number | undefined;
  change: ServerAction;
}
