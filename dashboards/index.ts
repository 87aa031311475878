import type { BoardOptions } from "./options.ts";
import { instancesBoard } from "./instances.ts";
import { overviewBoard } from "./overview.ts";
import { vllmBoard } from "./vllm.ts";

export type { BoardOptions } from "./options.ts";

/** The folder that holds the boards. Its title is no board's, which Grafana 9 refuses. */
export const FOLDER = { uid: "vllm", title: "vLLM monitoring" };

/** The JSON of every board, by uid. */
export function dashboards(options: BoardOptions): Record<string, string> {
  const boards = [vllmBoard(options), overviewBoard(options), instancesBoard(options)];
  return Object.fromEntries(boards.map(({ uid, json }) => [uid, json]));
}
