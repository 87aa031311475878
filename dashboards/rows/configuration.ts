import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { tablePanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** How the engines are configured, as far as their metrics show it. */
export function configurationRow({ now }: Queries): Row {
  const shown = [
    ["num_gpu_blocks", "Blocks", 75],
    ["block_size", "Block size", 95],
    ["kv_cache_size_tokens", "Tokens in cache", 125],
    ["kv_cache_max_concurrency", "Full requests", 110],
    ["gpu_memory_utilization", "GPU memory", 110],
    ["cache_dtype", "Cache type", 100],
    ["enable_prefix_caching", "Prefix caching", 115],
  ] as const;
  const by = ["job", "instance", "engine", ...shown.map(([label]) => label)] as const;
  const model = now.engines({
    by: ["job", "instance", "model_name", "engine"],
  });
  const config = math`${now.group(metrics.cacheConfig, { by })} * on (job, instance, engine) group_left (model_name) ${model}`;
  const python = now.group(metrics.pythonVersion, { by: ["job", "instance", "version"] });
  return {
    title: "Configuration",
    panels: [
      tablePanel({
        title: "Engines",
        question:
          "Are the engines configured alike? Full requests is how many requests of full length fit into the cache; block size is in tokens. No metric has vLLM's own version: put it in a target label. The Python version is unknown with --api-server-count above 1.",
        advice: "Different settings on engines of one model explain an uneven load.",
        height: 8,
        empty: "No engine",
        labels: [
          { label: "job", title: "Job", width: 90 },
          { label: "model_name", title: "Model" },
          { label: "instance", title: "Instance" },
          { label: "engine", title: "Engine", width: 90 },
          ...shown.map(([label, title, width]) => ({ label, title, width })),
          { label: "version", title: "Python", width: 75 },
        ],
        sortBy: [{ title: "Model" }, { title: "Instance" }, { title: "Engine" }],
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
