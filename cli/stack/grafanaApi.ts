import { GRAFANA_USER } from "../../grafana/grafanaServer.ts";

/** Sends a request to Grafana's HTTP API as its administrator. Does not throw on HTTP error statuses. */
export function askGrafana(
  url: string,
  password: string,
  { method = "GET", timeout }: { method?: "GET" | "DELETE"; timeout: number },
): Promise<Response> {
  const credentials = Buffer.from(`${GRAFANA_USER}:${password}`).toString("base64");
  return fetch(url, {
    method,
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(timeout),
  });
}
