import type { AddressInfo } from "node:net";
import type { DashboardModel } from "../../../lab/page/dashboardModel.ts";
import { previewServer } from "../../../lab/page/previewServer.ts";

/** Serves the dashboards' page on a free port of the loopback address, with data from one Prometheus. */
export async function startPreview(
  dashboards: DashboardModel[],
  prometheusUrl: string,
  timeInterval: string,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = previewServer({
    dashboards,
    dataSources: [
      {
        ...{ uid: "prometheus", name: "Prometheus", type: "prometheus", isDefault: true },
        ...{ url: prometheusUrl, jsonData: { timeInterval } },
      },
    ],
    banner: "",
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
