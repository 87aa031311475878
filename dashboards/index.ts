import { vllmBoard } from "./vllm.ts";

/** The folder that holds the boards. Its title is no board's, which Grafana 9 refuses. */
export const FOLDER = { uid: "vllm", title: "vLLM monitoring" };

/** The JSON of every board, by uid. */
export function dashboards(): Record<string, string> {
  return Object.fromEntries([vllmBoard()].map(({ uid, json }) => [uid, json]));
}
