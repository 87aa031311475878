/** What every dashboard shows, by title. */
import type { DashboardValues } from "./expected.ts";
import { capacity } from "./capacity.ts";
import { gpu } from "./gpu.ts";
import { instances } from "./instances.ts";
import { kvCache } from "./kvCache.ts";
import { overview } from "./overview.ts";
import { slo } from "./slo.ts";
import { speculation } from "./speculation.ts";
import { stack } from "./stack.ts";
import { vllm } from "./vllm.ts";
import { wall } from "./wall.ts";

export const values: Readonly<Record<string, DashboardValues>> = {
  vLLM: vllm,
  "vLLM / Overview": overview,
  "vLLM / Capacity and workload": capacity,
  "vLLM / Instances": instances,
  "vLLM / KV cache": kvCache,
  "vLLM / Speculative decoding and LoRA": speculation,
  "vLLM / SLO": slo,
  "vLLM / Wall": wall,
  "vLLM / The stack itself": stack,
  "vLLM / GPU": gpu,
};
