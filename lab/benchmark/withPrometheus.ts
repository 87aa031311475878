import { join } from "node:path";
import { PrometheusServer } from "../prometheus/server.ts";
import { removedOnInterrupt, withFolder } from "./interrupt.ts";

/** Runs `work` with a Prometheus that has this configuration and this folder of data. */
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

/** The same with a new folder, of which `work` may have a snapshot of blocks. */
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

/** The folder of blocks with all that a Prometheus has. */
async function snapshot(url: string, data: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
  const answer = (await response.json()) as { error?: string; data?: { name: string } };
  if (answer.data === undefined) throw new Error(answer.error ?? "There is no snapshot.");
  return join(data, "snapshots", answer.data.name);
}
