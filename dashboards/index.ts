import type { BoardOptions } from "./options.ts";
import { gpuBoard } from "./gpu.ts";
import { instancesBoard } from "./instances.ts";
import { kvCacheBoard } from "./kvCache.ts";
import { overviewBoard } from "./overview.ts";
import { sloBoard } from "./slo.ts";
import { speculationBoard } from "./speculation.ts";
import { stackBoard } from "./stack.ts";
import { vllmBoard } from "./vllm.ts";
import { wallBoard } from "./wall.ts";

export type { BoardOptions } from "./options.ts";

/** The folder that holds the boards. Its title is no board's, which Grafana 9 refuses. */
export const FOLDER = { uid: "vllm", title: "vLLM monitoring" };

/** The JSON of every board, by uid. */
export function dashboards(options: BoardOptions): Record<string, string> {
  const boards = [
    vllmBoard,
    overviewBoard,
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
