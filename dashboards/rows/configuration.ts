import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { table } from "../panels/index.ts";
import { ofChosenModels, type Queries } from "../queries.ts";

/** How the engines are configured, as far as they say. */
export function configuration({ now }: Queries): Row {
  const shown = [
    ["num_gpu_blocks", "Blocks"],
    ["block_size", "Tokens per block"],
    ["kv_cache_size_tokens", "Tokens in cache"],
    ["kv_cache_max_concurrency", "Full-length requests"],
    ["gpu_memory_utilization", "GPU memory share"],
    ["cache_dtype", "Cache type"],
    ["enable_prefix_caching", "Prefix caching"],
  ] as const;
  const by = ["job", "instance", "engine", ...shown.map(([label]) => label)] as const;
  const config = ofChosenModels(now, now.group(metrics.cacheConfig, { by }));
  const python = now.group(metrics.pythonVersion, { by: ["job", "instance", "version"] });
  return {
    title: "Configuration",
    panels: [
      table({
        title: "Engines",
        question:
          "Are the engines configured alike? vLLM's own version is in no metric: let a label of the targets carry it. Python's is unknown with --api-server-count above 1.",
        advice: "Engines of one model that differ explain an uneven balance.",
        height: 8,
        empty: "No engine",
        labels: [
          { label: "job", title: "Job" },
          { label: "instance", title: "Instance" },
          { label: "engine", title: "Engine" },
          ...shown.map(([label, title]) => ({ label, title })),
          { label: "version", title: "Python" },
        ],
        columns: [
          {
            title: "There",
            expr: math`${config} * on (job, instance) group_left (version) ${python} or on (job, instance, engine) ${config}`,
            unit: units.Short,
            hidden: true,
          },
        ],
      }),
    ],
  };
}
