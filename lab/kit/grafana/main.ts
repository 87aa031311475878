/** Starts the stand-in as Grafana's image starts Grafana: settings from the environment, logs to stdout. */
import { readEnvironment } from "./environment.ts";
import { log } from "./log.ts";
import { createServer } from "./standInServer.ts";

try {
  const settings = readEnvironment(process.env);
  const server = createServer(settings);
  server.listen(settings.port, () => {
    log("info", "http.server", "HTTP Server Listen", { address: `[::]:${settings.port}` });
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      log("info", "server", "Shutdown started", { reason: `System signal: ${signal}` });
      server.close(() => process.exit());
      server.closeAllConnections();
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
