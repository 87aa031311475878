import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DRILLS, type DrillName } from "../../lab/drills/faults.ts";
import { runDrill } from "../../lab/drills/drillRun.ts";
import { drillTable } from "../../lab/drills/drillTable.ts";

/**
 * Runs each fault on a real Prometheus and Alertmanager. The drills mostly wait, so several run at once,
 * the longest first.
 */
describe("fault drills", { concurrency: 4 }, () => {
  const long: DrillName[] = ["restarts", "saturate", "freeze"];
  for (const name of new Set([...long, ...(Object.keys(DRILLS) as DrillName[])])) {
    it(name, async (context) => {
      const outcome = await runDrill(name, () => undefined);
      context.diagnostic(drillTable([outcome]));
      assert.deepEqual(outcome.others, [], "alerts that the fault does not explain");
      if (outcome.expected === undefined) return;
      assert.notEqual(outcome.notifiedAfter, undefined, `${outcome.expected} did not arrive`);
      assert.notEqual(outcome.resolvedAfter, undefined, `it was not resolved`);
    });
  }
});
