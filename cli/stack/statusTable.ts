import type { Plan } from "../../plan.ts";

/** One scraped server, as Prometheus reports it (`/api/v1/targets`). */
export interface ScrapedTarget {
  job: string;
  instance: string;
  health: "up" | "down" | "unknown";
  lastError: string;
}

/**
 * A stack's URLs, how to log in, and the health of its targets. `targets` is undefined if Prometheus
 * does not answer.
 */
export function statusTable(
  stack: string,
  outputs: Plan["outputs"],
  targets: ScrapedTarget[] | undefined,
): string {
  const rows = [
    ["Grafana", outputs.grafanaUrl],
    ["  user", outputs.grafanaUser],
    [
      "  password",
      `npm run --silent pulumi -- stack output grafanaPassword --show-secrets --stack ${stack}`,
    ],
    ["Prometheus", outputs.prometheusUrl],
    ...(outputs.alertmanagerUrl === undefined ? [] : [["Alertmanager", outputs.alertmanagerUrl]]),
    ...targetRows(targets),
  ];
  const width = Math.max(...rows.map(([head = ""]) => head.length));
  return rows.map(([head = "", text = ""]) => `${head.padEnd(width)}  ${text}`).join("\n");
}

/** Why a scrape failed and what to do; Prometheus's own message if the error is not a known one. */
export function explainScrapeError(error: string): string {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(error));
  return known === undefined ? error : known[1];
}

const EXPLANATIONS: [RegExp, string][] = [
  [
    /connection refused/,
    "connection refused: vLLM is not running there, or listens on 127.0.0.1 only (start it with --host 0.0.0.0)",
  ],
  [
    /no such host|server misbehaving/,
    "no such host: check the name; it must resolve inside a container",
  ],
  [
    /context deadline exceeded|i\/o timeout/,
    "timeout: the server hangs, or a firewall drops the connection",
  ],
  [
    /no route to host|network is unreachable/,
    "no route to host: check that this machine can reach that network",
  ],
  [
    /server gave HTTP response to HTTPS client/,
    "the server speaks plain HTTP: set scheme: http for this target",
  ],
  [
    /client sent an HTTP request to an HTTPS server|HTTP status 400/,
    "the server may require HTTPS: set scheme: https for this target",
  ],
  [/HTTP status 404/, "404, no metrics page: check metricsPath, and that the server is vLLM"],
  [
    /HTTP status 40[13]/,
    "the server requires a login: set basicAuth or bearerToken for this target",
  ],
  [
    /sample limit exceeded/,
    "more samples than prometheus.sampleLimit: raise the limit, or disable the metrics that add so many series",
  ],
  [
    /x509|certificate/,
    "its certificate is not trusted: set tls.ca or tls.serverName for this target",
  ],
];

function targetRows(targets: ScrapedTarget[] | undefined): string[][] {
  if (targets === undefined) return [["Targets", "unknown: Prometheus does not answer"]];
  if (targets.length === 0) return [["Targets", "none yet"]];
  const name = ({ job, instance }: ScrapedTarget) => `${job} ${instance}`;
  const width = Math.max(...targets.map((target) => name(target).length));
  return targets.map((target, index) => [
    index === 0 ? "Targets" : "",
    `${name(target).padEnd(width)}  ${stateOf(target)}`,
  ]);
}

function stateOf({ health, lastError }: ScrapedTarget): string {
  if (health === "up") return "up";
  if (health === "unknown") return "not scraped yet";
  return `down: ${explainScrapeError(lastError)}`;
}
