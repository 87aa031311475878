/** The state of servers: down, sleeping, stalled or online. */
import { OTHER_JOBS } from "../common/jobs.ts";
import { MODEL_OF_TARGET } from "../slo/recorded.ts";
import { exporters, math, metrics, type Promql } from "../vllm/index.ts";
import type { Word } from "./panels/index.ts";
import type { Queries } from "./queries.ts";

/** The states, worst first. */
export const STATES: readonly Word[] = [
  { value: 0, text: "Down", color: "red" },
  { value: 1, text: "Sleeping", color: "blue" },
  { value: 2, text: "Stalled", color: "orange" },
  { value: 3, text: "Online", color: "green" },
];

/** What the states mean, for the description of a panel that shows them. */
export const STATES_EXPLAINED =
  "Online: it answers scrapes. Stalled: one of its engines has work, but makes no progress. Sleeping: its weights are off the GPU, on request. Down: Prometheus cannot scrape it.";

/** What to do about a stalled engine. */
export const STALLED_ADVICE =
  "Stalled: send one request to each data-parallel rank (header X-data-parallel-rank); if a rank does not answer, save the server's log and restart the server.";

/** The first label names what can be down. */
type By = readonly ["model_name" | "instance", ...("model_name" | "engine")[]];

/**
 * The state by some labels, as the numbers of `STATES`. A group is stalled if one of its engines
 * hangs, and sleeps if all of its engines sleep. `down` returns a series, of any value, for each
 * group that should be there, so that a group without metrics is shown too.
 */
export function serverState(queries: Queries, by: By, down: string): string {
  const { now } = queries;
  return math`${sleeping(now, by)} * 0 + 1 or ${stalled(queries, by)} * 0 + 2 or ${now.engines({ by })} * 3 or on (${by[0]}) ${down} * 0`;
}

/** The groups with a stalled engine. The value means nothing. */
export function stalled({ stalledEngines }: Pick<Queries, "stalledEngines">, by: By): string {
  return `group by (${by.join(", ")}) (${stalledEngines})`;
}

/** The groups whose engines all sleep. The value means nothing. */
export function sleeping(q: Promql, by: By): string {
  return math`${q.max(metrics.sleepState, { by, where: { sleep_state: "awake" } })} == 0`;
}

/**
 * The chosen models: those with metrics, and those whose servers should expose metrics but do not.
 */
export function knownModels({ now, lastKnown }: Queries): string {
  const by = ["model_name"] as const;
  return math`${now.engines({ by })} or ${lastKnown}`;
}

/**
 * The chosen vLLM servers that should expose metrics but do not, by instance and the model that
 * each had last. A server that never answered may have any model.
 */
export function serversDown({ now, lastModels }: Queries): string {
  const other = now.series(exporters.up, { where: { job: OTHER_JOBS } });
  const otherModel = math`${MODEL_OF_TARGET} unless on (job, instance) ${lastModels}`;
  const down = math`${now.series(exporters.up)} == 0 unless on (job, instance) ${other} unless on (job, instance) (${otherModel})`;
  const model = `topk by (job, instance) (1, ${lastModels})`;
  return math`max by (instance, model_name) (${down} * on (job, instance) group_left (model_name) ${model} or on (job, instance) ${down})`;
}
