import type { DashboardAnswer, PanelAnswer } from "../answers.ts";

/** What the address of the page says: the dashboard, the span of time, and what is chosen. */
export class Address {
  readonly uid: string;
  readonly query: URLSearchParams;

  constructor({ pathname, search }: { pathname: string; search: string }) {
    this.uid = decodeURIComponent(pathname.split("/")[2] ?? "");
    this.query = new URLSearchParams(search);
  }

  /** Takes on other values, and drops those that are empty, without a new page. */
  change(values: Record<string, string[]>): void {
    for (const [name, list] of Object.entries(values)) {
      this.query.delete(name);
      for (const value of list) this.query.append(name, value);
    }
    history.replaceState(null, "", `?${this.query.toString()}`);
  }

  /** `from=…&to=…` as it stands, or nothing where the dashboard's own span is shown. */
  get timeRange(): string {
    const kept = [...this.query].filter(([name]) => name === "from" || name === "to");
    return new URLSearchParams(kept).toString();
  }
}

/** The dashboard as it is now. @throws Error with the server's words. */
export function fetchDashboard({ uid, query }: Address): Promise<DashboardAnswer> {
  return get(`/preview/dashboards/${encodeURIComponent(uid)}?${query.toString()}`);
}

/**
 * What the queries of a panel give, over the dashboard's span of time and with its variables, or
 * what a repetition has for them. @throws Error with the server's words.
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
  // Browsers break requests off when the machine gets or loses a network, such as one of Docker's.
  const response = await fetch(path).catch(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return fetch(path);
  });
  const answer = (await response.json()) as Answer & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server answers ${response.status}.`);
  return answer;
}
