import * as units from "@grafana/grafana-foundation-sdk/units";
import { matches, math, metrics, type Promql } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel, OFF, stateTimelinePanel, type Word } from "../panels/index.ts";
import { ofChosenModels, type Queries } from "../queries.ts";

const ADAPTER_STATES: readonly Word[] = [
  { value: 1, text: "Waiting", color: "orange" },
  { value: 2, text: "Running", color: "green" },
];

/** Which LoRA adapters are in use. */
export function adaptersRow({ q }: Queries): Row {
  const running = inUse(q, "running_lora_adapters");
  const waiting = inUse(q, "waiting_lora_adapters");
  const empty = `${OFF}, or no adapter in use`;
  return {
    title: "LoRA",
    panels: [
      stateTimelinePanel({
        title: "Adapters in use",
        question: `Which adapter did requests run with, or wait for a slot for, and when? Each point covers the last minute; a list shows its first ${MOST}.`,
        advice: "Long waits: requests need more adapters at once than --max-loras allows.",
        height: 8,
        width: 12,
        query: { expr: math`${running} * 2 or ${waiting}`, legend: "{{instance}} {{adapter}}" },
        words: ADAPTER_STATES,
        empty,
      }),
      timeSeriesPanel({
        title: "Adapters running and waiting",
        question:
          "How many adapters do running requests use, and how many do waiting requests need, by server?",
        advice: "Long waits: raise --max-loras, or dedicate servers to each adapter.",
        unit: units.Short,
        empty,
        queries: [
          { expr: math`count by (instance) (${running})`, legend: "{{instance}}, running" },
          { expr: math`count by (instance) (${waiting})`, legend: "{{instance}}, waiting" },
        ],
      }),
    ],
  };
}

/** How many adapters of a list get a line of their own. */
const MOST = 8;

/**
 * The adapters of a comma-separated list, one series per adapter. The metric's value is the time at
 * which the list was last true, and every past list stays as a series, so only lists from the last
 * minute count.
 */
function inUse(q: Promql, list: "running_lora_adapters" | "waiting_lora_adapters"): string {
  const nth = Array.from({ length: MOST }, (_, index) => {
    const before = index === 0 ? "" : `(?:[^,]+,){${index}}`;
    const series = q.series(metrics.loraRequests, {
      where: { [list]: matches(`${before}[^,]+.*`) },
    });
    return math`label_replace(${series} > time() - 60, "adapter", "$1", "${list}", "${before}([^,]+).*")`;
  });
  return `group by (instance, adapter) (${ofChosenModels(q, nth.join(" or "))})`;
}
