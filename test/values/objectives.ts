/** How far each of the default objectives was met. */
import { metrics } from "../../vllm/index.ts";
import { END, SCRAPE } from "./fleet.ts";
import type { Expected, Shown } from "./expected.ts";
import { share, value } from "./expected.ts";
import type { FleetPart } from "./fleetPart.ts";

const by = ["model_name"];

/** The share of good events in the panel's window, for each model. */
export const objectiveValues = {
  available: { by, of: metrics.requestsRunning, seen: 3600, value: available },
  noErrors: value(metrics.requestsFinished, by, (part) => {
    const all = part.rate(metrics.requestsFinished) + rejected(part);
    return share(all - failed(part) - rejected(part), all);
  }),
  firstToken: value(metrics.timeToFirstToken, by, (part) => {
    const first = part.rate(metrics.timeToFirstToken);
    const good = part.fractionBelow(1, metrics.timeToFirstToken);
    if (good === undefined) return undefined;
    return share(good * first, first + failed(part) + rejected(part));
  }),
  tokens: value(metrics.requestTimePerOutputToken, by, (part) => {
    const all = part.rate(metrics.requestTimePerOutputToken);
    const good = part.fractionBelow(0.1, metrics.requestTimePerOutputToken);
    const single = (part.fractionBelow(1, metrics.requestGenerationTokens) ?? 0) * all;
    if (good === undefined) return undefined;
    return share(good * all - single, all - single);
  }),
  done: value(metrics.endToEndLatency, by, (part) =>
    part.fractionBelow(240, metrics.endToEndLatency),
  ),
} satisfies Record<string, Expected>;

function failed(part: FleetPart): number {
  return part.rate(metrics.requestsFinished, { finished_reason: "error" });
}

function rejected(part: FleetPart): number {
  return part.rate(metrics.admissionRejections);
}

/**
 * The share of the time, since the model was first seen, in which at least one of its servers was up.
 * Rules are evaluated only at intervals, so any share other than 1 is approximate.
 */
function available(part: FleetPart): Shown {
  const moments = Array.from({ length: END / SCRAPE + 1 }, (_, index) => index * SCRAPE);
  const share = moments.filter((moment) => part.isSeen(moment)).length / moments.length;
  if (share === 1) return 1;
  const step = 30 / END;
  return { low: share - step, high: Math.min(1, share + step) };
}
