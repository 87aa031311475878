/** One answer that an engine works on. */

/** What a client asked for, by one HTTP request. */
export interface Call {
  handler: string;
  arrivedAt: number;
  promptTokens: number;
  maxTokens: number;
  streaming: boolean;
  /** The answers that are not finished yet, of all. */
  open: number;
  readonly n: number;
  /** Over all answers. */
  generated: number;
  longest: number;
  /** Of the first answer. */
  firstTokenAt: number | undefined;
  /** It ends with an error. */
  readonly fails: boolean;
  /** The client goes away in the middle of the answer. */
  readonly leaves: boolean;
  /** Answers that were not waited for. */
  lost: number;
}

export type FinishReason = "stop" | "length" | "error" | "repetition";

export interface Request {
  readonly call: Call;
  /** With the prefix. */
  readonly promptTokens: number;
  /** Tokens after which it ends, and how. */
  readonly length: number;
  readonly reason: FinishReason;
  /** The client goes away after so many tokens. */
  readonly leavesAfter: number;
  readonly prefix: Prefix | undefined;
  readonly adapter: string | undefined;
  readonly images: number;

  readonly queuedAt: number;
  scheduledAt: number | undefined;
  firstTokenAt: number | undefined;
  lastTokenAt: number;
  generated: number;
  preemptions: number;

  /** Tokens in the KV cache now, and of those how many are blocks of its own. */
  computed: number;
  blocks: number;
  blocksSince: number;
  sharesPrefix: boolean;
  /** Prompt tokens that its first admission found in a cache. */
  cachedTokens: number;
  externalTokens: number;
  externalSource: "host" | "p2p" | "disk" | "external_unspecified";
  /** Blocks come from elsewhere, or are to come once there is room for them. */
  load: { arrivesAt: number } | "wanted" | undefined;
}

/** The beginning that some prompts have in common, in whole blocks. */
export interface Prefix {
  readonly tokens: number;
  readonly blocks: number;
  /** It can be used; without users it lies idle in free blocks until others need them. */
  cached: boolean;
  users: number;
  cachedSince: number;
  usedAt: number;
  evictedAt: number;
}

/** Tokens that must be in the KV cache before the next token can be made. */
export function needed(request: Request): number {
  return request.promptTokens + request.generated;
}

/** How far the load of a waiting request's blocks is, as vLLM calls it; undefined if there is none. */
export function fetchStage(
  { load }: Request,
  now: number,
): "waiting_to_start" | "in_progress" | "completed_waiting" | undefined {
  if (load === undefined) return undefined;
  if (load === "wanted") return "waiting_to_start";
  return load.arrivesAt > now ? "in_progress" : "completed_waiting";
}
