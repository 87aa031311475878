import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves pages on a free loopback port. */
export async function servePages(
  listener: RequestListener,
): Promise<{ address: string; stop: () => Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
