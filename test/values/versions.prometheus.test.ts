/** Each panel shows the right number for a fleet whose servers use both old and new metric names. */
import { fleetOfAllVersions } from "./fleet.ts";
import { testDashboards } from "./testDashboards.ts";

testDashboards({
  fleet: fleetOfAllVersions,
  options: { oldestVersion: "0.8", gpu: false, canary: false },
  choices: { "all servers": {}, "one model": { model: "old" } },
});
