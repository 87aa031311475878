import assert from "node:assert/strict";
import type { ContainerInspectInfo } from "dockerode";

/**
 * Fails unless a container is confined like every server: no root, no capabilities, a read-only root
 * file system, limited memory and logs, ports published only on the loopback address.
 */
export function assertConfined(
  component: string,
  { Config, HostConfig }: Pick<ContainerInspectInfo, "Config" | "HostConfig">,
): void {
  assertPowerless(component, { Config, HostConfig });
  assert.equal(HostConfig.ReadonlyRootfs, true, component);
}

/** The same without the read-only root file system: a container that never starts keeps its files there. */
export function assertPowerless(
  component: string,
  { Config, HostConfig }: Pick<ContainerInspectInfo, "Config" | "HostConfig">,
): void {
  assert.match(Config.User, /^[1-9]\d*:\d+$/, component);
  assert.deepEqual(HostConfig.CapDrop, ["ALL"], component);
  assert.deepEqual(HostConfig.SecurityOpt, ["no-new-privileges:true"], component);
  assert.ok(HostConfig.Memory !== undefined && HostConfig.Memory > 0, component);
  assert.deepEqual(HostConfig.LogConfig, {
    Type: "json-file",
    Config: { "max-file": "3", "max-size": "10m" },
  });
  const bindings = HostConfig.PortBindings as Record<string, { HostIp: string }[]> | null;
  for (const { HostIp } of Object.values(bindings ?? {}).flat()) {
    assert.equal(HostIp, "127.0.0.1", component);
  }
}
