import { setTimeout as sleep } from "node:timers/promises";
import { exporters } from "../../vllm/index.ts";
import type { Report } from "../../tools/report.ts";
import { Failure } from "../../tools/failure.ts";
import { execute, lastLogLines, stackContainers } from "./containers.ts";

/** A server that reads a configuration file, and the URL of its `/metrics`. */
export interface ConfiguredServer {
  component: "prometheus" | "alertmanager";
  url: string;
}

/**
 * Makes the servers reload their configuration, and waits until each one uses it. A server that
 * rejects its file keeps the previous configuration. Prometheus can even end up with parts of both,
 * and does not notice by itself when the previous file is restored.
 *
 * @throws {Failure} if a server rejects its configuration, with the server's reason.
 */
export async function reloadConfigurations(
  stack: string,
  servers: readonly ConfiguredServer[],
  report: Report,
): Promise<void> {
  const containers = await stackContainers(stack);
  await Promise.all(
    servers.map(async ({ component, url }) => {
      const id = containers.find((one) => one.component === component && one.running)?.id;
      if (id === undefined) return;
      const before = await lastReload(component, url);
      if (before !== undefined && (await isAskedToReload(id))) {
        await awaitReload({ component, url, id, before });
      } else {
        report.say(
          `Could not check whether ${NAMES[component]} uses its configuration: ${before === undefined ? `${url} does not answer` : "its image has no kill command"}.`,
        );
      }
    }),
  );
}

/** Milliseconds that a reload may take. */
const PATIENCE = 10_000;

const NAMES = { prometheus: "Prometheus", alertmanager: "Alertmanager" } as const;

/** Do not use `docker kill`: after such a signal, Docker would not restart a server that crashes. */
function isAskedToReload(id: string): Promise<boolean> {
  return execute(id, ["kill", "-HUP", "1"]).then(
    () => true,
    () => false,
  );
}

async function awaitReload({
  component,
  url,
  id,
  before,
}: ConfiguredServer & { id: string; before: Reload }): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const last = (await lastReload(component, url)) ?? before;
    if (last.succeededAt !== before.succeededAt) return;
    const isRefused = before.succeeded && !last.succeeded;
    if (isRefused || Date.now() > deadline) throw new Failure(await refusal(component, id));
    await sleep(200);
  }
}

interface Reload {
  succeeded: boolean;
  /** The Unix time of the last success. */
  succeededAt: number;
}

const METRICS = {
  prometheus: [exporters.configReloaded, exporters.configReloadTime],
  alertmanager: [exporters.alertmanagerConfigReloaded, exporters.alertmanagerConfigReloadTime],
} as const;

/** Undefined if the server does not answer here. */
async function lastReload(
  component: ConfiguredServer["component"],
  url: string,
): Promise<Reload | undefined> {
  const page = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) }).then(
    (response) => (response.ok ? response.text() : undefined),
    () => undefined,
  );
  if (page === undefined) return undefined;
  const [succeeded, succeededAt] = METRICS[component].map(({ name }) =>
    Number(new RegExp(`^${name} (\\S+)`, "m").exec(page)?.[1]),
  );
  return { succeeded: succeeded === 1, succeededAt: succeededAt ?? NaN };
}

async function refusal(component: ConfiguredServer["component"], id: string): Promise<string> {
  return `${NAMES[component]} rejected its configuration and still uses the previous one: ${await reasonIn(id)}. Correct the setting that causes this, and run the command again.`;
}

/** The first error that the server logged since it last started to load its configuration. */
async function reasonIn(id: string): Promise<string> {
  const lines = await lastLogLines(id, 100);
  const begun = lines.findLastIndex((line) => /msg="Loading (a new )?configuration/i.test(line));
  const error = lines.slice(begun).find((line) => /level=error/i.test(line)) ?? "";
  const [, quoted] = /\berr="((?:[^"\\]|\\.)*)"/.exec(error) ?? [];
  return (
    quoted?.replaceAll(/\\(.)/g, (_, escaped) => (escaped === "n" ? "; " : String(escaped))) ??
    "its log has the reason"
  );
}
