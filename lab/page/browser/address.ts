import type { DashboardAnswer, PanelAnswer } from "../answers.ts";

/** The contents of the page's address: the dashboard, the time range, and the chosen values. */
export class Address {
  readonly uid: string;
  readonly query: URLSearchParams;

  constructor({ pathname, search }: { pathname: string; search: string }) {
    this.uid = decodeURIComponent(pathname.split("/")[2] ?? "");
    this.query = new URLSearchParams(search);
  }

  /** Sets other values and drops empty ones, without loading a new page. */
  change(values: Record<string, string[]>): void {
    for (const [name, list] of Object.entries(values)) {
      this.query.delete(name);
      for (const value of list) this.query.append(name, value);
    }
    history.replaceState(null, "", `?${this.query.toString()}`);
  }

  /** `from=…&to=…` from the address, or an empty text if the dashboard's own time range is shown. */
  get timeRange(): string {
    const kept = [...this.query].filter(([name]) => name === "from" || name === "to");
    return new URLSearchParams(kept).toString();
  }
}

/** The dashboard as it is now. @throws Error with the server's message. */
export function fetchDashboard({ uid, query }: Address): Promise<DashboardAnswer> {
  return get(`/preview/dashboards/${encodeURIComponent(uid)}?${query.toString()}`);
}

/**
 * The results of a panel's queries, over the dashboard's time range and with its variables, or with
 * the values that a repeated row has for them. @throws Error with the server's message.
 */
export function fetchPanel(
  { dashboard, time, variables }: DashboardAnswer,
  { id, width, scoped }: { id: number; width: number; scoped: Record<string, string[]> },
): Promise<PanelAnswer> {
  const query = new URLSearchParams({
    from: String(Math.round(time.from * 1000)),
    to: String(Math.round(time.to * 1000)),
    width: String(Math.round(width)),
  });
  for (const { name, chosen } of variables) {
    for (const value of scoped[name] ?? chosen) query.append(`var-${name}`, value);
  }
  const path = `/preview/dashboards/${encodeURIComponent(dashboard.uid)}/panels/${id}`;
  return get(`${path}?${query.toString()}`);
}

async function get<Answer>(path: string): Promise<Answer> {
  // Browsers abort requests if the machine gains or loses a network, such as a Docker network.
  const response = await fetch(path).catch(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return fetch(path);
  });
  const answer = (await response.json()) as Answer & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server answers ${response.status}.`);
  return answer;
}
