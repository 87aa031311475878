import { dockerPlugin } from "./docker/index.ts";
import { grafanaPlugin } from "./grafana/index.ts";
import { randomPlugin } from "./random.ts";
import { servePlugin } from "./pluginServer.ts";

/** The running stand-ins. */
export interface Plugins {
  /** The environment with which the Pulumi CLI uses them instead of the real plugins. */
  env: Record<string, string>;
  /** Stops them. Any further request from the engine fails. */
  stop(): Promise<void>;
}

/** Starts the stand-ins for the docker, random and grafana plugins in this process. */
export async function startPlugins(): Promise<Plugins> {
  const plugins = [dockerPlugin, randomPlugin, grafanaPlugin];
  const served = await Promise.all(plugins.map(servePlugin));
  const ports = plugins.map(({ name }, index) => `${name}:${served[index]?.port ?? 0}`);
  return {
    env: { PULUMI_DEBUG_PROVIDERS: ports.join(",") },
    async stop() {
      await Promise.all(served.map((plugin) => plugin.stop()));
    },
  };
}
