/** What the board `vLLM / Wall` shows, whose row is repeated for each model. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import { stateByModel } from "./states.ts";

const error = { finished_reason: "error" };

export const wall: is.BoardValues = {
  State: [stateByModel(120)],
  Speed: [
    is.value(metrics.interTokenLatency, [], (part) => {
      const gap = part.mean(metrics.interTokenLatency);
      return gap === undefined ? undefined : 1 / gap;
    }),
  ],
  Success: [
    is.value(metrics.requestsFinished, [], (part) => {
      const all = part.rate(metrics.requestsFinished);
      return is.share(all - part.rate(metrics.requestsFinished, error), all);
    }),
  ],
  "Requests per minute": [
    is.positive(
      is.value(metrics.requestsFinished, [], (part) => 60 * part.rate(metrics.requestsFinished)),
    ),
  ],
  "State over time": [stateByModel()],
};
