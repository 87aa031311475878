/** Serves the demo's fleet: what runs in the container of a stack with `demo: true`. */
import { DEMO_PAST, DEMO_PORTS, demoFleet } from "./demo.ts";
import { createFleet } from "./fleet.ts";
import { serveFleet } from "./metricsServer.ts";

const fleet = createFleet({ ...demoFleet, epoch: Date.now() / 1000 - DEMO_PAST });
fleet.advance(DEMO_PAST);
await serveFleet(fleet, { host: "0.0.0.0", port: DEMO_PORTS });
