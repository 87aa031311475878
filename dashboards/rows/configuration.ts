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
  const python = now.group(metrics.pythonVersion, { by: ["job", "instance", "version"] });
  return {
    title: "Configuration",
    panels: [
      table({
        title: "KV cache configuration",
        question:
          "Are the engines configured alike? vLLM's own version is in no metric; --custom labels of the targets can carry it.",
        advice: "Engines of one model that differ explain an uneven balance.",
        width: 16,
        height: 7,
        empty: "No engine",
        labels: [
          { label: "job", title: "Job" },
          { label: "instance", title: "Instance" },
          { label: "engine", title: "Engine" },
          ...shown.map(([label, title]) => ({ label, title })),
        ],
        columns: [
          {
            title: "Since",
            expr: math`${ofChosenModels(now, now.group(metrics.cacheConfig, { by }))}`,
            unit: units.Short,
          },
        ],
      }),
      table({
        title: "Python",
        question: "Which Python does each server run?",
        advice: "Servers of one fleet that differ were built from different images.",
        width: 8,
        height: 7,
        empty: "Not exposed with --api-server-count above 1",
        labels: [
          { label: "job", title: "Job" },
          { label: "instance", title: "Instance" },
          { label: "version", title: "Python" },
        ],
        columns: [{ title: "Servers", expr: ofChosenModels(now, python), unit: units.Short }],
      }),
    ],
  };
}
