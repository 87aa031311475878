import { isHealthy } from "../stack/containers.ts";
import { checkLogin } from "../stack/login.ts";
import { runOperation } from "../stack/operation.ts";
import { refreshServers } from "../stack/recovery.ts";
import { type CommandOptions, withSession } from "../stack/session.ts";
import { report } from "../../tools/report.ts";
import { readState } from "../stack/state.ts";

/** Compares the state with what is really there, and remembers what is. `up` then mends it. */
export async function refresh(options: CommandOptions): Promise<void> {
  await withSession(options, async ({ name, plan, stack }) => {
    const { isUp, password } = await readState(stack);
    await checkLogin(name, plan.monitoring.grafana, password);
    if (isUp && !(await isHealthy(name, "grafana"))) {
      await refreshServers(stack);
      report.say(
        "Grafana is not healthy, so what is registered in it was not compared: bring it back with npm run up.",
      );
      return;
    }
    await runOperation("Comparing the state with what is there", stack, (onEvent) =>
      stack.refresh({ onEvent }),
    );
  });
}
