/** One answer that an engine works on. */

/** What a client asked for in one HTTP request. */
export interface Call {
  handler: string;
  arrivedAt: number;
  promptTokens: number;
  maxTokens: number;
  streaming: boolean;
  /** The number of answers that are not finished yet. */
  open: number;
  readonly n: number;
  /** Over all answers. */
  generated: number;
  longest: number;
  /** Of the first answer that gets a token. */
  firstTokenAt: number | undefined;
  /** Whether it ends with an error. */
  readonly fails: boolean;
  /** Whether the client disconnects in the middle of the answer. */
  readonly leaves: boolean;
  /** Answers that the client did not wait for. */
  lost: number;
}

export type FinishReason = "stop" | "length" | "error" | "repetition";

export interface Request {
  readonly call: Call;
  /** Including the prefix. */
  readonly promptTokens: number;
  /** The number of tokens after which it ends, and why it ends. */
  readonly length: number;
  readonly reason: FinishReason;
  /** The client disconnects after this many tokens. */
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

  /** Tokens in the KV cache now, and the blocks that belong to this request alone. */
  computed: number;
  blocks: number;
  blocksSince: number;
  sharesPrefix: boolean;
  /** Prompt tokens that its first admission found in a cache. */
  cachedTokens: number;
  externalTokens: number;
  externalSource: "host" | "p2p" | "disk" | "external_unspecified";
  /** Blocks are being loaded from elsewhere, or will be once there is room for them. */
  load: { arrivesAt: number } | "wanted" | undefined;
}

/** A prefix that some prompts share, in whole blocks. */
export interface Prefix {
  readonly tokens: number;
  readonly blocks: number;
  /** Whether it can be used. Without users it stays in free blocks until other requests need them. */
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

/** The stage of loading a waiting request's blocks, in vLLM's terms; undefined if nothing is loaded. */
export function fetchStage(
  { load }: Request,
  now: number,
): "waiting_to_start" | "in_progress" | "completed_waiting" | undefined {
  if (load === undefined) return undefined;
  if (load === "wanted") return "waiting_to_start";
  return load.arrivesAt > now ? "in_progress" : "completed_waiting";
}
