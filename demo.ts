/** The demo of a stack with `demo: true`: the only place where the program uses the laboratory. */
import type { DemoProgram } from "./plan.ts";
import { DEMO_PORTS, DEMO_READY } from "./lab/simulator/demo.ts";
import { DEMO_MAIN, demoFiles } from "./lab/simulator/files.ts";

/** The simulator, as `planStack` takes it. */
export const demo: DemoProgram = {
  files: demoFiles,
  main: DEMO_MAIN,
  ports: Object.values(DEMO_PORTS),
  ready: DEMO_READY,
};
