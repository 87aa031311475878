import type { BoardOptions } from "./options.ts";
import { capacityBoard } from "./boards/capacity.ts";
import { gpuBoard } from "./boards/gpu.ts";
import { instancesBoard } from "./boards/instances.ts";
import { kvCacheBoard } from "./boards/kvCache.ts";
import { overviewBoard } from "./boards/overview.ts";
import { sloBoard } from "./boards/slo.ts";
import { speculationBoard } from "./boards/speculation.ts";
import { stackBoard } from "./boards/stack.ts";
import { vllmBoard } from "./boards/vllm.ts";
import { wallBoard } from "./boards/wall.ts";

export type { BoardOptions } from "./options.ts";

/** The folder that holds the boards. Its title is no board's, which Grafana 9 refuses. */
export const FOLDER = { uid: "vllm", title: "vLLM monitoring" };

/** The JSON of every board, by uid. */
export function dashboards(options: BoardOptions): Record<string, string> {
  const boards = [
    vllmBoard,
    overviewBoard,
    capacityBoard,
    instancesBoard,
    kvCacheBoard,
    speculationBoard,
    sloBoard,
    wallBoard,
    stackBoard,
    ...(options.gpu ? [gpuBoard] : []),
  ].map((make) => make(options));
  return Object.fromEntries(boards.map(({ uid, json }) => [uid, json]));
}
