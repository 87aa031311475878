import { createRequire } from "node:module";
import { reachable } from "../../tools/network.ts";
import type { Report } from "../../tools/report.ts";
import { run } from "../../tools/run.ts";

/** A provider plugin as its SDK asks for it. */
export interface Plugin {
  name: string;
  version: string;
  /** Where it is downloaded from, when not from Pulumi's own server. */
  server?: string;
}

/** The plugins of the SDKs that the program uses, at the versions that belong to them. */
export function requiredPlugins(): Plugin[] {
  const require = createRequire(import.meta.url);
  return ["@pulumi/docker", "@pulumi/random", "@pulumiverse/grafana"].map(
    (sdk) => (require(`${sdk}/package.json`) as { pulumi: Plugin }).pulumi,
  );
}

/**
 * Whether every provider plugin is installed, or could be installed now. `pulumi` is the path of
 * the CLI; `PULUMI_HOME` says where it keeps its plugins.
 *
 * What is missing is really installed. That takes under 3 s where the servers' names do not
 * resolve, and about 5 s where a network swallows the request. Why it failed is said in `report`.
 */
export async function pluginsAvailable(pulumi: string, report: Report): Promise<boolean> {
  const missing = missingPlugins(requiredPlugins(), await installedPlugins(pulumi));
  if (missing.length === 0) return true;

  const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
  try {
    await report.step(`Fetching the provider plugins ${names}`, async () => {
      const giveUp = new AbortController();
      await Promise.all(missing.map((plugin) => install(pulumi, plugin, giveUp)));
    });
    return true;
  } catch (error) {
    report.say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** The plugins of `required` that `installed` lacks in exactly their version. */
export function missingPlugins(required: Plugin[], installed: Plugin[]): Plugin[] {
  return required.filter(
    ({ name, version }) =>
      !installed.some((plugin) => plugin.name === name && plugin.version === version),
  );
}

async function installedPlugins(pulumi: string): Promise<Plugin[]> {
  const list = JSON.parse(await run(pulumi, ["plugin", "ls", "--json"])) as (Plugin & {
    kind: string;
  })[];
  return list.filter(({ kind }) => kind === "resource");
}

/** Installs one plugin. The first that fails ends the others: all of them are needed. */
async function install(pulumi: string, plugin: Plugin, giveUp: AbortController): Promise<void> {
  const { name, version, server } = plugin;
  const args = ["plugin", "install", "resource", name, `v${version}`];
  if (server) args.push("--server", server);
  const host = downloadHost(plugin);
  // The CLI itself would wait minutes for a server that does not answer, and try it six times.
  void reachable(`https://${host}`).then((answers) => {
    if (!answers) giveUp.abort();
  });
  try {
    await run(pulumi, args, { signal: giveUp.signal });
  } catch (error) {
    const aborted = giveUp.signal.aborted;
    giveUp.abort();
    throw aborted ? new Error(`${host} cannot be reached.`, { cause: error }) : error;
  }
}

/** The address that the CLI asks first: `github://api.github.com/pulumiverse` is GitHub's API. */
function downloadHost({ server }: Plugin): string {
  return server ? new URL(server).host : "get.pulumi.com";
}
