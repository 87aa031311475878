import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { ContainerInputs } from "./containerInputs.ts";
import { nanoseconds } from "./durations.ts";
import { labelMap } from "./labels.ts";

/** The create request for the Docker Engine. Networks in `networksAdvanced` are joined later. */
export function containerSpec(inputs: ContainerInputs): ContainerCreateOptions {
  return {
    name: inputs.name,
    Image: inputs.image,
    Env: inputs.envs,
    Labels: labelMap(inputs.labels),
    ExposedPorts: Object.fromEntries(inputs.ports.map((port) => [portKey(port), {}])),
    Volumes: Object.fromEntries(inputs.volumes.map(({ containerPath }) => [containerPath, {}])),
    HostConfig: hostConfig(inputs),
    ...(inputs.command && { Cmd: inputs.command }),
    ...(inputs.entrypoints && { Entrypoint: inputs.entrypoints }),
    ...(inputs.user !== undefined && { User: inputs.user }),
    ...(inputs.healthcheck && { Healthcheck: healthConfig(inputs.healthcheck) }),
  };
}

/** Converts MiB to bytes; -1, which means no limit, stays -1. */
export function bytes(mebibytes: number): number {
  return mebibytes > 0 ? mebibytes * 1024 * 1024 : mebibytes;
}

function hostConfig(inputs: ContainerInputs): HostConfig {
  return {
    Binds: inputs.volumes.map(bind),
    CapAdd: inputs.capabilities?.adds ?? [],
    CapDrop: inputs.capabilities?.drops ?? [],
    ExtraHosts: inputs.hosts.map(({ host, ip }) => `${host}:${ip}`),
    Init: false,
    LogConfig: { Type: inputs.logDriver ?? "", Config: inputs.logOpts },
    Memory: bytes(inputs.memory),
    MemorySwap: bytes(inputs.memorySwap),
    NetworkMode: inputs.networkMode,
    PortBindings: portBindings(inputs.ports),
    ReadonlyRootfs: inputs.readOnly,
    RestartPolicy: { Name: inputs.restart, MaximumRetryCount: 0 },
    SecurityOpt: inputs.securityOpts ?? [],
    Tmpfs: inputs.tmpfs,
  };
}

type Port = ContainerInputs["ports"][number];

function portKey({ internal, protocol }: Port): string {
  return `${internal}/${protocol}`;
}

function portBindings(ports: Port[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const groups = Object.groupBy(ports, portKey);
  return Object.fromEntries(
    Object.entries(groups).map(([key, group = []]) => [
      key,
      group.map(({ ip, external }) => ({ HostIp: ip, HostPort: String(external) })),
    ]),
  );
}

/** One entry of `volumes` in Docker's format. */
function bind(volume: ContainerInputs["volumes"][number]): string {
  return `${volume.volumeName}:${volume.containerPath}:${volume.readOnly ? "ro" : "rw"}`;
}

function healthConfig(healthcheck: NonNullable<ContainerInputs["healthcheck"]>) {
  return {
    Test: healthcheck.tests,
    Interval: nanoseconds(healthcheck.interval),
    Timeout: nanoseconds(healthcheck.timeout),
    StartPeriod: nanoseconds(healthcheck.startPeriod),
    StartInterval: nanoseconds(healthcheck.startInterval),
    Retries: healthcheck.retries,
  };
}
