/**
 * The recorded incidents: what a real vLLM server answered to every scrape for some minutes, and what its
 * clients saw. `test/fixtures/incidents/<name>/` has two files: `incident.json`, which is human-readable,
 * and `timeline.br`, one brotli stream of JSON lines with every scrape. See also `docs/incidents.md`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** One recorded incident. All times are seconds since the first scrape; earlier times are negative. */
export interface Incident {
  readonly about: About;
  readonly scrapes: readonly Scrape[];
  readonly events: readonly IncidentEvent[];
  /** Every request that the client sent, in the order of sending. */
  readonly requests: readonly ClientRequest[];
}

export interface About {
  readonly scenario: string;
  /** What happens, in one sentence. */
  readonly what: string;
  /** The release of vLLM, such as `0.32.0`. */
  readonly vllm: string;
  /** The server's flags, except those that name files or ports of the machine. */
  readonly flags: readonly string[];
  /** Environment variables of vLLM that were set for the server. */
  readonly env: Readonly<Record<string, string>>;
  /** Number of data-parallel ranks; each is a separate engine. */
  readonly ranks: number;
  readonly apiServers: number;
  /** Seconds from one scrape to the next. */
  readonly scrapeInterval: number;
  /** The time of the first scrape, ISO 8601. */
  readonly startedAt: string;
}

export interface Scrape {
  readonly at: number;
  /** How long it took until the answer or the failure. */
  readonly seconds: number;
  /** The answer's body; absent when the scrape failed. */
  readonly page?: string;
  /** Why the scrape failed, such as `ECONNREFUSED` or `timeout`. */
  readonly failure?: string;
  /** The canary's metrics page at that time, in recordings with a canary. */
  readonly canary?: string;
}

export interface IncidentEvent {
  readonly at: number;
  readonly what:
    | "start"
    | "ready"
    | "stop"
    | "ended"
    | "SIGSTOP"
    | "SIGCONT"
    | "SIGKILL"
    | "rename"
    | "sleep"
    | "wake"
    | "load"
    | "end of load";
  /** What was stopped, how high the load was, and so on. */
  readonly detail?: string;
}

/** How a request ended, as its client saw it. */
export type RequestOutcome =
  /** Answered to the last token. */
  | "answered"
  /** Dropped by the client itself. */
  | "aborted"
  /** Refused by the server's own limit (HTTP 503). */
  | "refused"
  /** Ended by an error: a status, a broken connection or an error inside the stream. */
  | "failed"
  /** No token for 30 s, and never answered; `status` and `end` show how it finally ended. */
  | "hung";

export interface ClientRequest {
  readonly sent: number;
  /** When the first token arrived. */
  readonly first?: number;
  /** When the client received the last token or an error, or dropped the request. */
  readonly end: number;
  readonly outcome: RequestOutcome;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The server's own count, which it sends with the last token. Absent unless answered. */
  readonly promptTokens?: number;
  /** For an answered request, the server's own count; otherwise the number of chunks that arrived. */
  readonly outputTokens: number;
  /** The requested model, if the scenario requests several. */
  readonly model?: string;
}

/** The client's requests by outcome, and the tokens of those that were answered. */
export type Totals = Record<"requests" | RequestOutcome | "promptTokens" | "outputTokens", number>;

export function totalsOf(requests: readonly ClientRequest[]): Totals {
  const count = (outcome: RequestOutcome) =>
    requests.filter((one) => one.outcome === outcome).length;
  const answered = requests.filter(({ outcome }) => outcome === "answered");
  return {
    requests: requests.length,
    answered: count("answered"),
    aborted: count("aborted"),
    refused: count("refused"),
    failed: count("failed"),
    hung: count("hung"),
    promptTokens: answered.reduce((sum, { promptTokens }) => sum + (promptTokens ?? 0), 0),
    outputTokens: answered.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  };
}

/** The folder of the recordings that belong to the project. */
export const CORPUS = fileURLToPath(new URL("../../test/fixtures/incidents", import.meta.url));

/** The names of all recorded incidents, sorted. */
export function incidentNames(corpus = CORPUS): string[] {
  return readdirSync(corpus).sort();
}

/** Reads one recorded incident. */
export function readIncident(name: string, corpus = CORPUS): Incident {
  const folder = join(corpus, name);
  const { events, requests, ...rest } = JSON.parse(
    readFileSync(join(folder, "incident.json"), "utf8"),
  ) as IncidentFile;
  const lines = brotliDecompressSync(readFileSync(join(folder, "timeline.br"))).toString();
  return {
    about: rest.about,
    events,
    scrapes: lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Scrape),
    requests: requests.rows.map(
      (row) =>
        Object.fromEntries(
          requests.columns
            .map((column, index) => [column, row[index]] as const)
            .filter(([, value]) => value !== null),
        ) as unknown as ClientRequest,
    ),
  };
}

/** Writes an incident, and replaces an existing one of the same name. */
export function writeIncident({ about, scrapes, events, requests }: Incident, corpus = CORPUS) {
  const folder = join(corpus, about.scenario);
  mkdirSync(folder, { recursive: true });
  const file: IncidentFile = {
    about,
    events,
    client: totalsOf(requests),
    requests: tableOf(requests),
  };
  writeFileSync(join(folder, "incident.json"), formatFile(file));
  const lines = scrapes.map((scrape) => `${JSON.stringify(scrape)}\n`).join("");
  writeFileSync(join(folder, "timeline.br"), compress(lines));
}

interface IncidentFile {
  about: About;
  events: readonly IncidentEvent[];
  client: Totals;
  requests: { columns: (keyof ClientRequest)[]; rows: (string | number | null)[][] };
}

const COLUMNS: (keyof ClientRequest)[] = [
  ...(["sent", "first", "end", "outcome", "status"] as const),
  ...(["promptTokens", "outputTokens", "model"] as const),
];

/** A table takes a tenth of the space that objects take. It leaves out columns without any value. */
function tableOf(requests: readonly ClientRequest[]): IncidentFile["requests"] {
  const columns = COLUMNS.filter((column) => requests.some((one) => one[column] !== undefined));
  return {
    columns,
    rows: requests.map((one) => columns.map((column) => one[column] ?? null)),
  };
}

/** JSON with one line for each event and request. */
function formatFile({ about, events, client, requests }: IncidentFile): string {
  const lines = (items: readonly unknown[]) =>
    items.length === 0 ? "[]" : `[\n${items.map((one) => JSON.stringify(one)).join(",\n")}\n]`;
  return `{
"about": ${JSON.stringify(about, null, 2)},
"events": ${lines(events)},
"client": ${JSON.stringify(client)},
"requests": {
"columns": ${JSON.stringify(requests.columns)},
"rows": ${lines(requests.rows)}
}
}
`;
}

/** The window covers all pages of some minutes, so repeated lines cost next to nothing. */
function compress(text: string): Buffer {
  return brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
}
