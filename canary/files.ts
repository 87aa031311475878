/** The files that a container needs to run the canary. */
import { programFiles } from "../common/programFiles.ts";

/** The file that Node starts. */
export const CANARY_MAIN = "canary/main.ts";

/** The files of the canary's program, by path. */
export function canaryFiles(): Record<string, string> {
  return programFiles(new URL("main.ts", import.meta.url));
}
