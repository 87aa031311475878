/** A fake fleet of vLLM servers whose numbers are known. See `createFleet`. */
export type { ConnectorName } from "./connectors/index.ts";
export { createFleet, type Fleet, type FleetOptions } from "./fleet.ts";
export { hidden } from "./hidden.ts";
export { routerMetrics } from "./router.ts";
export { scenarios, type Scenario, type ScenarioName, type ServerOptions } from "./scenarios.ts";
export { serve, type ServeOptions, type Serving } from "./serve.ts";
export type { Change, EngineSpec, Scheduled, Workload } from "./spec.ts";
export type { Truth, Where, Whose } from "./truth.ts";
