/** What a container needs to run the demo. */
import { programFiles } from "../../common/programFiles.ts";

/** The file that Node starts. */
export const DEMO_MAIN = "lab/simulator/main.ts";

/** The files of the demo's program, by path. */
export function demoFiles(): Record<string, string> {
  return programFiles(new URL("main.ts", import.meta.url));
}
