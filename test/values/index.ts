/** What every board shows, by title. */
import type { BoardValues } from "./expected.ts";
import { overview } from "./overview.ts";
import { vllm } from "./vllm.ts";

export const values: Readonly<Record<string, BoardValues>> = {
  vLLM: vllm,
  "vLLM / Overview": overview,
};
