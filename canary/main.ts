/**
 * The program of the container `canary`: probes vLLM servers and exposes the results as metrics.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { CanaryTarget } from "./config.ts";
import { metricsPage } from "./metricsPage.ts";
import { CANARY_CONFIG_FILE, CANARY_FOLDER, CANARY_PORT } from "./canaryServer.ts";
import { probeServer } from "./serverProbe.ts";

const targets = JSON.parse(
  readFileSync(`${CANARY_FOLDER}/${CANARY_CONFIG_FILE}`, "utf8"),
) as CanaryTarget[];
const probes = targets.map((target) => probeServer(target));

probes.forEach(({ target, round }, index) => {
  const begin = () => {
    setInterval(() => void round(), target.interval * 1000);
    void round();
  };
  // Spread over the interval, so that a large fleet is not probed all at once.
  setTimeout(begin, (index / probes.length) * target.interval * 1000);
});

createServer(({ url }, response) => {
  if (url === "/metrics") {
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(metricsPage(probes));
  } else {
    response.statusCode = url === "/-/ready" ? 200 : 404;
    response.end();
  }
}).listen(CANARY_PORT);

// By default PID 1 ignores the signal, and Docker would kill the process after ten seconds.
process.on("SIGTERM", () => process.exit());
