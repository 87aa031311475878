/** Each panel shows the right number of a fleet that knows things by their former and new names. */
import { fleetOfAllVersions } from "./fleet.ts";
import { testDashboards } from "./testDashboards.ts";

testDashboards({
  fleet: fleetOfAllVersions,
  options: { oldestVersion: "0.8", gpu: false, canary: false },
  choices: { "all servers": {}, "one model": { model: "old" } },
});
