import { parseExposition } from "../vllm/exposition.ts";

/** A data-parallel rank of a vLLM server, from its metrics page. */
export interface Rank {
  /** Its label `engine`. */
  engine: string;
  model: string;
  /** Whether the engine sleeps (vLLM's sleep mode): it then answers no requests. */
  asleep: boolean;
}

/**
 * The engines of a metrics page, in the order of their ranks; none where the server is not vLLM.
 * The page is more reliable than a setting: it follows elastic scaling, and on a node with a hybrid
 * load balancer it lists only the ranks of that node.
 */
export function ranksOf(page: string): Rank[] {
  const found = new Map<string, Rank>();
  for (const { labels, value } of samples(page)) {
    const { engine, model_name: model, sleep_state } = labels;
    // A router's series have no engine label, and the series of vLLM's own cache configuration has
    // no model.
    if (!engine || !model) continue;
    const known = found.get(engine) ?? { engine, model, asleep: false };
    if (sleep_state === "awake" && value === 0) known.asleep = true;
    found.set(engine, known);
  }
  return [...found.values()].sort((a, b) => Number(a.engine) - Number(b.engine));
}

function samples(page: string) {
  try {
    return parseExposition(page).flatMap((family) => family.samples);
  } catch {
    return [];
  }
}
