/** What the dashboard `vLLM / Wall` shows, whose row is repeated for each model. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import { objectiveValues } from "./objectives.ts";
import { stateByModel } from "./states.ts";

export const wall: is.DashboardValues = {
  State: [stateByModel()],
  Speed: [
    is.value(metrics.interTokenLatency, [], (part) => {
      const gap = part.mean(metrics.interTokenLatency);
      return gap === undefined ? undefined : 1 / gap;
    }),
  ],
  Success: [objectiveValues.noErrors],
  "Per minute": [
    is.positive(
      is.value(metrics.requestsFinished, [], (part) => 60 * part.rate(metrics.requestsFinished)),
    ),
  ],
  "State over time": [stateByModel()],
};
