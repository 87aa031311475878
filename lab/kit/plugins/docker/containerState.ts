import type { ContainerInspectInfo } from "dockerode";
import type { Properties } from "../standIn.ts";
import type { ContainerInputs } from "./containerInputs.ts";
import { durationText } from "./durations.ts";

/** Properties of the state for which the stand-in has no input, always with Docker's defaults. */
const FIXED = {
  cgroupParent: null,
  cgroupnsMode: null,
  cpuPeriod: null,
  cpuQuota: null,
  cpuSet: "",
  cpuShares: 0,
  cpus: null,
  destroyGraceSeconds: null,
  deviceReadBps: [],
  deviceReadIops: [],
  deviceRequests: [],
  deviceWriteBps: [],
  deviceWriteIops: [],
  devices: [],
  dns: [],
  dnsOpts: [],
  dnsSearches: [],
  gpus: null,
  groupAdds: [],
  init: false,
  maxRetryCount: 0,
  memoryReservation: 0,
  mounts: [],
  pidMode: null,
  privileged: false,
  publishAllPorts: false,
  rm: false,
  stdinOpen: false,
  stopTimeout: 0,
  storageOpts: {},
  sysctls: {},
  tty: false,
  ulimits: [],
  usernsMode: "",
};

const ENDPOINT = {
  driverOpts: [],
  gwPriority: 0,
  ipv4Address: "",
  ipv6Address: "",
  linkLocalIps: [],
  macAddress: "",
};
const VOLUME = { fromContainer: "", hostPath: "", selinuxRelabel: "" };
const UPLOAD = { contentBase64: "", executable: false, source: "", sourceHash: "" };

/** Outputs that a container has in addition to its inputs. */
export const containerOutputs = [
  ...Object.keys(FIXED),
  ...["bridge", "containerLogs", "domainname", "exitCode", "hostname", "ipcMode"],
  ...["networkDatas", "platform", "runtime", "shmSize", "stopSignal", "workingDir"],
];

/** The state before any of it is read back. */
export function plannedState(inputs: ContainerInputs): Properties {
  return {
    ...FIXED,
    capabilities: null,
    exitCode: null,
    containerLogs: null,
    healthcheck: null,
    ...stateOfInputs(inputs),
  };
}

/** The inputs in the form that they have in the state. */
export function stateOfInputs(inputs: ContainerInputs): Properties {
  return {
    ...inputs,
    networksAdvanced: inputs.networksAdvanced.map((network) => ({ ...ENDPOINT, ...network })),
    volumes: inputs.volumes.map((volume) => ({ ...VOLUME, ...volume })),
    uploads: inputs.uploads.map((upload) => ({ ...UPLOAD, ...upload })),
  };
}

/**
 * The state, updated with what is read back from Docker. `envs`, `labels`, `volumes`, `uploads` and
 * `networksAdvanced` are never read back, so changes to them are never detected.
 */
export function containerStateOf(container: ContainerInspectInfo, state: Properties): Properties {
  const { Config: config, HostConfig: host, State: status } = container;
  const mustRun = state.mustRun === true;
  const { Bridge: bridge } = container.NetworkSettings as { Bridge?: string };
  const { StopSignal: stopSignal } = config as { StopSignal?: string };
  return {
    ...state,
    bridge: bridge ?? "",
    ...((status.Running || mustRun) && hasPorts(state) && { ports: ports(container) }),
    networkDatas: networkDatas(container),
    ...(!status.Running && { exitCode: status.ExitCode }),
    // A stopped container is reported as one that need not run. So the next `up` starts it, or
    // recreates it if it publishes ports, because a stopped container has no published ports.
    mustRun: mustRun && status.Running,
    name: container.Name.replace(/^\//, ""),
    readOnly: host.ReadonlyRootfs ?? false,
    image: String(state.image).startsWith("sha256:") ? container.Image : config.Image,
    hostname: config.Hostname,
    domainname: config.Domainname,
    command: list(config.Cmd),
    entrypoints: list(config.Entrypoint),
    user: config.User,
    securityOpts: list(host.SecurityOpt),
    restart: host.RestartPolicy?.Name ?? "",
    workingDir: config.WorkingDir,
    ...(hasCapabilities(host) && {
      capabilities: { adds: list(host.CapAdd), drops: list(host.CapDrop) },
    }),
    runtime: host.Runtime ?? "",
    platform: container.Platform,
    tmpfs: host.Tmpfs ?? {},
    hosts: list(host.ExtraHosts).map((entry) => {
      const [name = "", ...ip] = entry.split(":");
      return { host: name, ip: ip.join(":") };
    }),
    memory: mebibytes(host.Memory),
    memorySwap: mebibytes(host.MemorySwap),
    shmSize: mebibytes(host.ShmSize),
    logDriver: host.LogConfig?.Type ?? "",
    ...(!isEmptyMap(state.logOpts) && { logOpts: host.LogConfig?.Config ?? {} }),
    networkMode: host.NetworkMode,
    ipcMode: host.IpcMode ?? "",
    ...(config.Healthcheck && {
      healthcheck: {
        tests: list(config.Healthcheck.Test),
        interval: durationText(config.Healthcheck.Interval),
        timeout: durationText(config.Healthcheck.Timeout),
        startPeriod: durationText(config.Healthcheck.StartPeriod),
        startInterval: durationText(
          (config.Healthcheck as { StartInterval?: number }).StartInterval,
        ),
        retries: config.Healthcheck.Retries ?? 0,
      },
    }),
    stopSignal: stopSignal ?? "",
  };
}

/** A value that Docker returns as a list, or as null for an empty list. */
function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function hasPorts(state: Properties): boolean {
  return Array.isArray(state.ports) && state.ports.length > 0;
}

function hasCapabilities(host: ContainerInspectInfo["HostConfig"]): boolean {
  return list(host.CapAdd).length + list(host.CapDrop).length > 0;
}

function isEmptyMap(value: unknown): boolean {
  return Object.keys((value as object | null | undefined) ?? {}).length === 0;
}

/** Published ports in the order of the container's ports, as the provider lists them. */
function ports(container: ContainerInspectInfo): Properties[] {
  return Object.entries(container.NetworkSettings.Ports)
    .flatMap(([key, bindings]) => {
      const [internal, protocol] = key.split("/");
      return ((bindings as typeof bindings | null) ?? []).map(({ HostIp, HostPort }) => ({
        internal: Number(internal),
        external: Number(HostPort),
        ip: HostIp,
        protocol,
      }));
    })
    .sort((a, b) => a.internal - b.internal);
}

function networkDatas(container: ContainerInspectInfo): Properties[] {
  return Object.entries(container.NetworkSettings.Networks).map(([networkName, endpoint]) => ({
    networkName,
    gateway: endpoint.Gateway,
    globalIpv6Address: endpoint.GlobalIPv6Address,
    globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
    ipAddress: endpoint.IPAddress,
    ipPrefixLength: endpoint.IPPrefixLen,
    ipv6Gateway: endpoint.IPv6Gateway,
    macAddress: endpoint.MacAddress,
  }));
}

function mebibytes(amount = 0): number {
  return amount > 0 ? Math.floor(amount / 1024 / 1024) : amount;
}
