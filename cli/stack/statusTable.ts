import type { Plan } from "../../plan.ts";

/** One scraped server, as Prometheus reports it (`/api/v1/targets`). */
export interface ScrapedTarget {
  job: string;
  instance: string;
  health: "up" | "down" | "unknown";
  lastError: string;
}

/**
 * What a person needs after `up`: where to go, how to log in, and which servers are scraped.
 * `targets` is undefined where Prometheus does not answer.
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

/** Why a scrape failed, in words that say what to do; Prometheus's own where we know no better. */
export function explainScrapeError(error: string): string {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(error));
  return known === undefined ? error : known[1];
}

const EXPLANATIONS: [RegExp, string][] = [
  [
    /connection refused/,
    "connection refused: vLLM is not running there, or listens on 127.0.0.1 only? start it with --host 0.0.0.0",
  ],
  [/no such host|server misbehaving/, "no such host: is the name right, seen from a container?"],
  [
    /context deadline exceeded|i\/o timeout/,
    "no answer in time: does a firewall stand between, or does the server hang?",
  ],
  [/no route to host|network is unreachable/, "no route: can this machine reach that network?"],
  [
    /server gave HTTP response to HTTPS client/,
    "the server speaks plain HTTP: set scheme: http for this target",
  ],
  [
    /client sent an HTTP request to an HTTPS server|HTTP status 400/,
    "the server may want HTTPS: set scheme: https for this target",
  ],
  [/HTTP status 404/, "no metrics page there: is metricsPath right, and is it vLLM?"],
  [/HTTP status 40[13]/, "the server wants a login: its metrics page must be readable without one"],
  [
    /sample limit exceeded/,
    "more samples than prometheus.sampleLimit allows: raise it, or turn off what makes so many",
  ],
  [/x509|certificate/, "its certificate is not trusted: use one that is, or scheme: http"],
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
