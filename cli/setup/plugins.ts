import { createRequire } from "node:module";
import { reachable } from "../../tools/network.ts";
import type { Report } from "../../tools/report.ts";
import { run } from "../../tools/run.ts";

/** A provider plugin as its SDK's package.json declares it. */
export interface DeclaredPlugin {
  name: string;
  version: string;
  /** Where it is downloaded from, when not from Pulumi's own server. */
  server?: string;
}

/** The plugins of the SDKs that the program uses, at the versions that the SDKs declare. */
export function requiredPlugins(): DeclaredPlugin[] {
  const require = createRequire(import.meta.url);
  return ["@pulumi/docker", "@pulumi/random", "@pulumiverse/grafana"].map(
    (sdk) => (require(`${sdk}/package.json`) as { pulumi: DeclaredPlugin }).pulumi,
  );
}

/**
 * Installs missing provider plugins; false if one could not be installed. `pulumi` is the path of
 * the CLI, which keeps its plugins in `PULUMI_HOME`.
 *
 * A failure takes under 3 s if the servers' names do not resolve, and about 5 s if the network drops
 * the request. `report` prints the reason.
 */
export async function pluginsAvailable(pulumi: string, report: Report): Promise<boolean> {
  const missing = missingPlugins(requiredPlugins(), await installedPlugins(pulumi));
  if (missing.length === 0) return true;

  const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
  try {
    await report.step(`Downloading the provider plugins ${names}`, async () => {
      const abort = new AbortController();
      await Promise.all(missing.map((plugin) => install(pulumi, plugin, abort)));
    });
    return true;
  } catch (error) {
    report.say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** The plugins of `required` whose exact version is not in `installed`. */
export function missingPlugins(
  required: DeclaredPlugin[],
  installed: DeclaredPlugin[],
): DeclaredPlugin[] {
  return required.filter(
    ({ name, version }) =>
      !installed.some((plugin) => plugin.name === name && plugin.version === version),
  );
}

async function installedPlugins(pulumi: string): Promise<DeclaredPlugin[]> {
  const list = JSON.parse(await run(pulumi, ["plugin", "ls", "--json"])) as (DeclaredPlugin & {
    kind: string;
  })[];
  return list.filter(({ kind }) => kind === "resource");
}

/** Installs one plugin. A failure stops the other installations, since all plugins are needed. */
async function install(
  pulumi: string,
  plugin: DeclaredPlugin,
  abort: AbortController,
): Promise<void> {
  const { name, version, server } = plugin;
  const args = ["plugin", "install", "resource", name, `v${version}`];
  if (server) args.push("--server", server);
  const host = downloadHost(plugin);
  // The CLI itself retries six times if a server does not answer, which takes minutes.
  void reachable(`https://${host}`).then((answers) => {
    if (!answers) abort.abort();
  });
  try {
    await run(pulumi, args, { signal: abort.signal });
  } catch (error) {
    const aborted = abort.signal.aborted;
    abort.abort();
    throw aborted ? new Error(`${host} cannot be reached.`, { cause: error }) : error;
  }
}

/** The host that the CLI contacts first: `github://api.github.com/pulumiverse` is GitHub's API. */
function downloadHost({ server }: DeclaredPlugin): string {
  return server ? new URL(server).host : "get.pulumi.com";
}
