import { readFileSync } from "node:fs";

/** The file of the demo that Node starts, and the port that it listens on. */
export const DEMO_MAIN = "replay.ts";
export const DEMO_PORT = 8000;

/** The demo's program and its recording, by file name. */
export function demoFiles(): Record<string, string> {
  return Object.fromEntries(
    [DEMO_MAIN, "vllm-metrics.txt"].map((file) => [
      file,
      readFileSync(new URL(file, import.meta.url), "utf8"),
    ]),
  );
}
