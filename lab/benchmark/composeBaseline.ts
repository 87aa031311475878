/**
 * A stand-in for a Docker Compose project: the same images and files as a stack, but nothing waits for
 * health, and a plain script registers the data source and the dashboards through Grafana's API, as the
 * script of vLLM's example does.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { demo } from "../../demo.ts";
import { DATASOURCE_UID, datasourceOptions } from "../../grafana/datasource.ts";
import { GRAFANA_PORT } from "../../grafana/grafanaServer.ts";
import { planFiles, planStack } from "../../plan.ts";
import {
  PROMETHEUS_COMMAND,
  PROMETHEUS_CONFIG_FOLDER,
  PROMETHEUS_PORT,
} from "../../prometheus/prometheusServer.ts";
import type { Settings } from "../../settings.ts";
import { withFolder } from "./interrupt.ts";

/** Seconds of the whole start and of the whole removal. */
export interface ComposeCost {
  up: number;
  down: number;
}

/** Starts the containers of a stack with these settings and removes them again. */
export function measureComposeBaseline(settings: Settings): Promise<ComposeCost> {
  return withFolder(async (folder) => {
    const docker = new Docker();
    const name = `bench-compose-${randomBytes(3).toString("hex")}`;
    const begin = performance.now();
    let up: number;
    try {
      await composeUp(docker, name, { settings, folder });
      up = secondsSince(begin);
    } catch (error) {
      await composeDown(docker, name);
      throw error;
    }
    const downBegin = performance.now();
    await composeDown(docker, name);
    return { up, down: secondsSince(downBegin) };
  });
}

async function composeUp(
  docker: Docker,
  name: string,
  { settings, folder }: { settings: Settings; folder: string },
): Promise<void> {
  const { prometheus, grafana } = settings;
  const { dashboards } = planStack(settings, demo).monitoring;
  writePrometheusFiles(folder, settings);
  await docker.createNetwork({ Name: name, Labels: { [LABEL]: name } });
  const start = async (
    part: string,
    options: Docker.ContainerCreateOptions,
    [port, published]: [number, number],
  ) => {
    const container = await docker.createContainer({
      ...options,
      name: `${name}-${part}`,
      Labels: { [LABEL]: name },
      NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: [part] } } },
      HostConfig: {
        ...options.HostConfig,
        NetworkMode: name,
        PortBindings: { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: String(published) }] },
      },
    });
    await container.start();
  };
  await Promise.all([
    start(
      "prometheus",
      {
        ...{ Image: prometheus.image, Cmd: PROMETHEUS_COMMAND, User: "65534:65534" },
        HostConfig: {
          Binds: [`${join(folder, "prometheus")}:${PROMETHEUS_CONFIG_FOLDER}:ro`],
          Tmpfs: { "/prometheus": "mode=1777" },
        },
      },
      [PROMETHEUS_PORT, prometheus.port],
    ),
    start("grafana", { Image: grafana.image }, [GRAFANA_PORT, grafana.port]),
  ]);

  const url = `http://127.0.0.1:${grafana.port}`;
  await answers(`${url}/api/health`);
  await post(`${url}/api/datasources`, {
    ...{ name: "Prometheus", type: "prometheus", uid: DATASOURCE_UID, access: "proxy" },
    ...{ url: dashboards.prometheusUrl, isDefault: true },
    jsonData: JSON.parse(datasourceOptions(dashboards.scrapeInterval)) as unknown,
  });
  for (const json of Object.values(dashboards.json)) {
    await post(`${url}/api/dashboards/db`, {
      dashboard: { ...(JSON.parse(json) as object), id: null },
      overwrite: true,
    });
  }
}

/** The label that identifies the containers and networks of one run. */
const LABEL = "vllm-observability.benchmark";

async function composeDown(docker: Docker, name: string): Promise<void> {
  const filters = { label: [`${LABEL}=${name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async ({ Id, State }) => {
      const container = docker.getContainer(Id);
      if (State === "running") await container.stop();
      await container.remove({ force: true, v: true });
    }),
  );
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
}

/** Readable for the container's user. */
function writePrometheusFiles(folder: string, settings: Settings): void {
  chmodSync(folder, 0o755);
  for (const [path, text] of Object.entries(planFiles(planStack(settings, demo)))) {
    if (!path.startsWith("prometheus/")) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer within two minutes.`);
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}`,
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
