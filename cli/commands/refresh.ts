import { isHealthy } from "../stack/containers.ts";
import { checkLogin } from "../stack/login.ts";
import { runOperation } from "../stack/operation.ts";
import { refreshServers } from "../stack/recovery.ts";
import { type CommandOptions, withSession } from "../stack/session.ts";
import { report } from "../../tools/report.ts";
import { readState } from "../stack/stackState.ts";

/** Updates the state from the real resources. The next `up` then restores what is missing. */
export async function refresh(options: CommandOptions): Promise<void> {
  await withSession(options, async ({ name, plan, stack }) => {
    const { isUp, password } = await readState(stack);
    await checkLogin(name, plan.monitoring.grafana, password);
    if (isUp && !(await isHealthy(name, "grafana"))) {
      await refreshServers(stack);
      report.say(
        "Grafana is not healthy, so its data sources, folder and dashboards were not refreshed. To restore it: npm run up",
      );
      return;
    }
    await runOperation("Refreshing the state", stack, (following) => stack.refresh(following));
  });
}
