/** Loads a dashboard as a browser does through Grafana, and measures what that costs Prometheus. */
import type { PanelRequests, Request, Requests } from "./requests.ts";

/** What it costs to load a dashboard or a panel. */
export interface Cost {
  /** From the first request to the last answer. */
  seconds: number;
  queries: number;
  /** Samples that the queries read, by Prometheus's own count. */
  samples: number;
}

export interface LoadCost extends Cost {
  panels: ({ title: string } & Cost)[];
}

/** A browser sends this many concurrent requests to one host, and each panel is one request. */
export const PANELS_AT_ONCE = 6;

/**
 * Loads first the variables, one after the other, and then the panels.
 *
 * @throws Error with Prometheus's own message if it rejects a query.
 */
export async function loadDashboard(
  url: string,
  { variables, panels }: { variables: Requests["variables"]; panels: PanelRequests[] },
): Promise<LoadCost> {
  const begin = performance.now();
  const asked: Answer[] = [];
  for (const request of variables) asked.push(await send(url, request));

  const waiting = [...panels];
  const answers: { title: string; seconds: number; answers: Answer[] }[] = [];
  const work = async () => {
    for (let panel = waiting.shift(); panel; panel = waiting.shift()) {
      const begun = performance.now();
      const { title, requests } = panel;
      const found = await Promise.all(requests.map((request) => send(url, request)));
      answers.push({ title, answers: found, seconds: secondsSince(begun) });
    }
  };
  await Promise.all(Array.from({ length: PANELS_AT_ONCE }, work));
  const seconds = secondsSince(begin);

  const cost = (some: readonly Answer[]) => ({
    queries: some.length,
    samples: some.reduce((sum, answer) => sum + samplesOf(answer), 0),
  });
  return {
    ...{ seconds, ...cost([...asked, ...answers.flatMap((panel) => panel.answers)]) },
    panels: answers.map(({ title, answers, ...rest }) => ({ title, ...rest, ...cost(answers) })),
  };
}

interface Answer {
  request: Request;
  text: string;
}

async function send(url: string, request: Request): Promise<Answer> {
  const { path, parameters } = request;
  const query = new URLSearchParams(parameters);
  const signal = AbortSignal.timeout(PATIENCE);
  const response = path.startsWith("label/")
    ? await fetch(`${url}/api/v1/${path}?${query.toString()}`, { signal })
    : await fetch(`${url}/api/v1/${path}`, { method: "POST", body: query, signal });
  return { request, text: await response.text() };
}

/** Longer than Prometheus's own query timeout of two minutes, since the queries of a panel may queue. */
const PATIENCE = 300_000;

/** Prometheus reports no sample counts for label requests. */
function samplesOf({ request, text }: Answer): number {
  const { status, error, data } = JSON.parse(text) as {
    status: string;
    error?: string;
    data?: { stats?: { samples: { totalQueryableSamples: number } } };
  };
  if (status !== "success") throw new Error(`${request.parameters.query ?? ""}: ${error ?? text}`);
  return data?.stats?.samples.totalQueryableSamples ?? 0;
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
