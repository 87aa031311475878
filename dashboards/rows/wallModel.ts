import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, orZero, ratio } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { colours, number, states, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { rememberedModels, state, STATES, STATES_EXPLAINED } from "../state.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** A model in four large numbers; the row is repeated for each. */
export function wallModel({ q, now }: Queries, { thresholds }: BoardOptions): Row {
  const by = ["model_name"] as const;
  const down = rememberedModels(now);
  const tile = { width: 6, height: 5, tile: true };
  const finished = now.rate(metrics.requestsFinished);
  const failed = now.rate(metrics.requestsFinished, { where: { finished_reason: "error" } });
  return {
    title: "$model_name",
    repeat: "model_name",
    panels: [
      number({
        ...tile,
        title: "State",
        question: `Does the model serve its users? ${STATES_EXPLAINED}`,
        advice: "Stalled or Down: see Instances for the server, and its log.",
        unit: units.Short,
        query: state(now, by, { down }),
        mappings: words(STATES),
      }),
      number({
        ...tile,
        title: "Speed",
        question:
          "How many tokens per second does each running request get, on average? People read about 10.",
        advice: "Slow: see what holds the model up on Overview.",
        unit: TOKENS_PER_SECOND,
        decimals: 0,
        query: math`1 / ${now.mean(metrics.interTokenLatency)}`,
        steps: colours([
          [null, NOTHING],
          [0, "red"],
          [1 / thresholds.interTokenLatency.critical, "orange"],
          [1 / thresholds.interTokenLatency.warning, "green"],
        ]),
      }),
      number({
        ...tile,
        title: "Success",
        question:
          "What share of the requests did not fail, of those that came to an end in the last five minutes?",
        advice: "Below 100 %: the servers' logs; each failure was answered with HTTP 500.",
        unit: units.PercentUnit,
        query: math`1 - ${ratio(orZero(failed, finished), finished)}`,
        steps: colours([
          [null, NOTHING],
          [0, "red"],
          [1 - thresholds.errorRatio.critical, "orange"],
          [1 - thresholds.errorRatio.warning, "green"],
        ]),
      }),
      number({
        ...tile,
        title: "Requests per minute",
        question: "How many requests come to an end per minute?",
        advice: "None at a busy time: look at what stands before vLLM.",
        unit: units.NoUnit,
        decimals: 0,
        query: math`60 * ${finished} > 0`,
        steps: colours([
          [null, NOTHING],
          [0, "blue"],
        ]),
      }),
      states({
        title: "State over time",
        question: `When did the model serve its users? ${STATES_EXPLAINED}`,
        advice: "Compare with deployments, and with the restarts that are marked.",
        height: 3,
        single: true,
        query: {
          expr: state(q, by, { down: rememberedModels(q), window: "$__rate_interval" }),
          legend: "{{model_name}}",
        },
        words: STATES,
      }),
    ],
  };
}

/** A tile without a value: neither good nor bad. */
const NOTHING = "#4b5057";
