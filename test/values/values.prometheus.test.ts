/**
 * Each panel shows the right number. A real Prometheus that scraped a fake fleet answers the panel's
 * queries, as Grafana sends them. The tests compare the answers with what really happened in the fleet.
 */
import { canaryHistories } from "./canary.ts";
import { fleetOfAllKinds } from "./fleet.ts";
import { gpuHistories } from "./gpu.ts";
import { testDashboards } from "./testDashboards.ts";

testDashboards({
  fleet: fleetOfAllKinds,
  others: (epoch) => new Map([...gpuHistories(epoch), ...canaryHistories(epoch)]),
  complete: true,
  choices: {
    "all servers": { names: "all" },
    "one model": { model: "llama", names: "llama" },
    "one instance": { instance: "coder" },
    "one of two engines": { instance: "llama-b", engine: "1" },
    "an idle model": { model: "unused" },
  },
});
