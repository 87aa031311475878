/** What requests clients send to a server, and when. */
import type { KvCache } from "./kvCache.ts";
import type { Random } from "./random.ts";
import type { Call, FinishReason, Request } from "./request.ts";
import type { EngineSpec, Workload } from "./serverSpec.ts";

/** Requests per second at a time. */
export function arrivalRate({ rate, swell, bursts }: Workload, time: number): number {
  const wave = 1 + swell.share * Math.sin((2 * Math.PI * time) / swell.period);
  const burst = time % bursts.every < bursts.lasting ? bursts.factor : 1;
  return rate * Math.max(0, wave) * burst;
}

/** What the next client sends, at `now`. */
export function makeCall(workload: Workload, engine: EngineSpec, random: Random, now: number) {
  const prefixed = random.chance(workload.prefixes.share) && workload.prefixes.count > 0;
  const prefix = prefixed ? random.below(workload.prefixes.count) : undefined;
  const own = Math.max(1, Math.round(random.logNormal(workload.prompt)));
  const capacity = engine.blocks * engine.blockSize - MOST_DRAFTS;
  const room = Math.min(engine.maxModelLen, capacity) - 1;
  const wanted = own + (prefixed ? workload.prefixes.tokens : 0);
  const maxTokens = MAX_TOKENS[random.below(MAX_TOKENS.length)] ?? 0;
  const promptTokens = Math.min(wanted, Math.max(1, room - LEAST_ANSWER));
  const call: Call = {
    handler: engine.pooling
      ? "/v1/embeddings"
      : random.chance(0.7)
        ? "/v1/chat/completions"
        : "/v1/completions",
    // Parsing and tokenizing the request takes a moment before it is queued.
    arrivedAt: now - (0.001 + 2e-6 * promptTokens),
    promptTokens,
    maxTokens: Math.min(maxTokens, room - promptTokens),
    streaming: random.chance(0.6),
    n: random.chance(workload.twoAnswers) ? 2 : 1,
    open: 0,
    generated: 0,
    longest: 0,
    firstTokenAt: undefined,
    fails: random.chance(workload.errors),
    leaves: random.chance(workload.disconnects),
    lost: 0,
  };
  call.open = call.n;
  return { call, prefix };
}

/** One of the answers to a call, for an engine with this cache. */
export function makeRequest(
  { call, prefix }: ReturnType<typeof makeCall>,
  workload: Workload,
  engine: EngineSpec,
  { random, kv, now }: { random: Random; kv: KvCache; now: number },
): Request {
  const natural = engine.pooling ? 0 : Math.max(1, Math.round(random.logNormal(workload.output)));
  const full = Math.min(natural, call.maxTokens);
  const length = call.fails ? Math.min(full, Math.max(1, Math.floor(full * random.next()))) : full;
  return {
    call,
    promptTokens: call.promptTokens,
    length,
    reason: reason(call, natural, random),
    leavesAfter: call.leaves ? Math.max(1, Math.floor(length * random.next())) : Infinity,
    prefix: prefix === undefined ? undefined : kv.prefix(prefix),
    adapter: engine.lora[random.below(engine.lora.length + 1)],
    images: random.chance(workload.images) ? 1 : 0,
    queuedAt: now,
    scheduledAt: undefined,
    firstTokenAt: undefined,
    lastTokenAt: now,
    generated: 0,
    preemptions: 0,
    computed: 0,
    blocks: 0,
    blocksSince: now,
    sharesPrefix: false,
    cachedTokens: 0,
    externalTokens: 0,
    externalSource: "p2p",
    load: undefined,
  };
}

function reason(call: Call, natural: number, random: Random): FinishReason {
  const repeats = random.chance(0.002);
  if (call.fails) return "error";
  if (natural >= call.maxTokens) return "length";
  return repeats ? "repetition" : "stop";
}

/** Room for draft tokens; without it, a request that fills the cache would never end. */
const MOST_DRAFTS = 16;

/** The limits that clients set, and the least room that a prompt leaves for the answer. */
const MAX_TOKENS = [256, 512, 512, 1024];
const LEAST_ANSWER = 16;
