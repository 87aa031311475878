import { join } from "node:path";
import { PrometheusServer } from "../prometheus/server.ts";
import { removedOnInterrupt, withFolder } from "./interrupt.ts";

/** Runs `work` with a Prometheus that uses this configuration and this data folder. */
export async function withPrometheus<T>(
  config: string,
  { data, flags }: { data: string; flags: readonly string[] },
  work: (prometheus: PrometheusServer) => Promise<T>,
): Promise<T> {
  const prometheus = await PrometheusServer.start(config, { data, flags });
  const kill = removedOnInterrupt(() => {
    prometheus.kill();
  });
  try {
    return await work(prometheus);
  } finally {
    await prometheus.stop();
    kill();
  }
}

/** Runs `work` with a Prometheus that uses a new data folder; `work` can take a snapshot of its blocks. */
export function withNewPrometheus<T>(
  config: string,
  flags: readonly string[],
  work: (prometheus: PrometheusServer, snapshot: () => Promise<string>) => Promise<T>,
): Promise<T> {
  return withFolder((data) =>
    withPrometheus(config, { data, flags: ["--web.enable-admin-api", ...flags] }, (prometheus) =>
      work(prometheus, () => snapshot(prometheus.url, data)),
    ),
  );
}

/** The folder of blocks with all data of a Prometheus. */
async function snapshot(url: string, data: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
  const answer = (await response.json()) as { error?: string; data?: { name: string } };
  if (answer.data === undefined) throw new Error(answer.error ?? "There is no snapshot.");
  return join(data, "snapshots", answer.data.name);
}
