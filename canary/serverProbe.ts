/** The canary of one vLLM server: its rounds of probes, its budget, and its results per rank. */
import { readFileSync } from "node:fs";
import type { CanaryOutcome } from "../vllm/exporters/canary.ts";
import { complete, type Completion } from "./completion.ts";
import type { CanaryTarget } from "./config.ts";
import { ranksOf, type Rank } from "./ranks.ts";
import { get } from "./request.ts";

/** The results of a rank. */
export interface RankResult extends Rank {
  /** Completions so far, by outcome. */
  probes: Partial<Record<CanaryOutcome, number>>;
  tokens: number;
  /** The last completion; undefined where none was sent since the rank appeared or slept. */
  last?: Completion | undefined;
  failuresInARow: number;
  /** Unix time at which the last successful completion ended. */
  lastSuccess?: number;
  /** Unix time at which the last completion began. */
  begun: number;
  busy: boolean;
}

export interface ServerProbe {
  target: CanaryTarget;
  /** Whether the last GET of each endpoint succeeded; empty before the first round. */
  endpoints: Record<string, boolean>;
  /** By `engine`. A server whose metrics page never listed ranks counts as one rank, "0". */
  ranks: Map<string, RankResult>;
  /** Completions that the hourly budget still allows now. */
  budgetLeft: () => number;
  /** Probes every rank whose last probe has ended; resolves when all have. */
  round: () => Promise<void>;
}

/** Timeout of requests for health, models and metrics, in seconds. */
const QUICK = 5;

const HOUR = 3600;

/** Probes a server in rounds. `now` is the current time in seconds of unix time. */
export function probeServer(target: CanaryTarget, now = () => Date.now() / 1000): ServerProbe {
  const ranks = new Map<string, RankResult>();
  const endpoints: Record<string, boolean> = {};
  /** When each completion of the last hour began. */
  let spent: number[] = [];

  const budgetLeft = () => {
    spent = spent.filter((time) => time > now() - HOUR);
    return target.requestsPerHour - spent.length;
  };

  const round = async () => {
    // Read in each round, so that a new key needs no restart.
    const apiKey = target.apiKeyFile && readFileSync(target.apiKeyFile, "utf8").trim();
    const check = async (endpoint: string) => {
      const answer = await get(target.url + endpoint, QUICK, apiKey);
      endpoints[endpoint] = answer !== undefined;
      return answer ?? "";
    };
    const [metrics, models] = await Promise.all([
      get(target.metricsUrl, QUICK),
      check("/v1/models"),
      check("/health"),
    ]);
    learn(ranks, ranksOf(metrics ?? ""), firstModel(models));
    // Where the budget is short, the ranks that have waited longest are probed first.
    const due = [...ranks.values()]
      .map((rank, index) => ({ rank, index }))
      .filter(({ rank }) => !rank.busy && !rank.asleep)
      .sort((a, b) => a.rank.begun - b.rank.begun)
      .slice(0, Math.max(0, budgetLeft()));
    spent.push(...due.map(() => now()));
    const probes = due.map(({ rank, index }) =>
      // The header counts a server's ranks from 0. The label `engine` does not on a node with a hybrid
      // load balancer.
      probe(target, rank, ranks.size > 1 ? index : undefined, apiKey, now),
    );
    await Promise.all(probes);
  };

  return { target, endpoints, ranks, budgetLeft, round };
}

/** Updates the ranks from the engines of a metrics page; without engines, the ranks stay. */
function learn(ranks: Map<string, RankResult>, engines: Rank[], model: string): void {
  if (engines.length === 0 && ranks.size > 0) return;
  const given = engines.length > 0 ? engines : [{ engine: "0", model, asleep: false }];
  const known = new Map(ranks);
  ranks.clear();
  for (const one of given) {
    const before = known.get(one.engine);
    const rank = before?.model === one.model ? before : unprobed(one);
    rank.asleep = one.asleep;
    if (one.asleep) Object.assign(rank, { last: undefined, failuresInARow: 0 });
    ranks.set(one.engine, rank);
  }
}

/** The first model that `/v1/models` lists; empty where it lists none. */
function firstModel(text: string): string {
  return /"id"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? "";
}

function unprobed(engine: Rank): RankResult {
  return { ...engine, probes: {}, tokens: 0, failuresInARow: 0, begun: 0, busy: false };
}

async function probe(
  { url, maxTokens, timeout }: CanaryTarget,
  rank: RankResult,
  number: number | undefined,
  apiKey: string | undefined,
  now: () => number,
): Promise<void> {
  rank.busy = true;
  rank.begun = now();
  const { model } = rank;
  const last = await complete({ url, model, maxTokens, timeout, rank: number, apiKey });
  const { outcome, tokens } = last;
  rank.busy = false;
  rank.last = last;
  rank.tokens += tokens;
  rank.probes[outcome] = (rank.probes[outcome] ?? 0) + 1;
  rank.failuresInARow = FAILURES.includes(outcome) ? rank.failuresInARow + 1 : 0;
  if (outcome === "ok") rank.lastSuccess = now();
}

/**
 * The outcomes that mean that the server does not answer. The others have causes of their own: a
 * refused connection means that the server is down or starting, which Prometheus's scrapes show;
 * 503 is the queue limit; 4xx is an error in the canary's settings.
 */
const FAILURES: readonly CanaryOutcome[] = ["timeout", "http_5xx", "broken"];
