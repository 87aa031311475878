import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import type { DashboardModel } from "../page/dashboardModel.ts";
import { previewServer } from "../page/previewServer.ts";
import { Failure } from "../../tools/failure.ts";
import { DEFAULT_STACK, readSettings } from "../../tools/project.ts";
import { report } from "../../tools/report.ts";

export interface PreviewOptions {
  stack?: string;
  /** URL of the Prometheus that provides the data; by default that of the running stack. */
  prometheus?: string;
  port: string;
}

/**
 * Serves a page on the loopback address that draws the dashboards of a stack's settings, with data
 * from a Prometheus but without Grafana. Runs until interrupted. Needs neither engine nor Docker.
 */
export async function previewDashboards(options: PreviewOptions): Promise<void> {
  const { monitoring, outputs } = planStack(readSettings(options.stack ?? DEFAULT_STACK), demo);
  const { json, scrapeInterval } = monitoring.dashboards;
  const url = options.prometheus ?? outputs.prometheusUrl;
  await requirePrometheus(url, options.prometheus === undefined);

  const server = previewServer({
    dashboards: Object.values(json).map((text) => JSON.parse(text) as DashboardModel),
    dataSources: [
      {
        ...{ uid: "prometheus", name: "Prometheus", type: "prometheus", url, isDefault: true },
        jsonData: { timeInterval: scrapeInterval },
      },
    ],
    banner: "",
  });
  server.listen(portOf(options.port), "127.0.0.1");
  // A server error also ends the wait for another event.
  await once(server, "listening").catch((error: unknown) => {
    throw new Failure(
      `Port ${options.port} cannot be used (${(error as Error).message}): choose another, as in: npm run dashboards:preview -- --port 0`,
    );
  });
  const { port } = server.address() as AddressInfo;
  report.say(`The dashboards, with data from ${url}: http://127.0.0.1:${port}   (Ctrl-C to stop)`);
  process.once("SIGINT", () => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "close");
}

async function requirePrometheus(url: string, isOwn: boolean): Promise<void> {
  const canBe = URL.parse(url)?.protocol.startsWith("http") === true;
  if (!canBe) {
    throw new Failure(`"${url}" is not a URL of a Prometheus, such as http://127.0.0.1:9090.`);
  }
  const answers = await fetch(`${url.replace(/\/$/, "")}/api/v1/query?query=1`, {
    signal: AbortSignal.timeout(5_000),
  }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (answers) return;
  throw new Failure(
    isOwn
      ? `The stack's Prometheus does not answer at ${url}. Create the stack (npm run up), or give another: npm run dashboards:preview -- --prometheus http://<host>:9090`
      : `No Prometheus answers at ${url}: check the address, and that this machine can reach it.`,
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Failure(
    `"${text}" is not a port: give a whole number from 1 to 65535, or 0 for any free port.`,
  );
}
