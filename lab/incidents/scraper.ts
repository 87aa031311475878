/** Scrapes `/metrics` as Prometheus does: at fixed times, with a timeout, whether or not scrapes succeed. */
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Scrape } from "./timeline.ts";

/** Seconds between scrapes, and the timeout of a scrape. */
export const INTERVAL = 5;

/**
 * Scrapes until `signal` ends it. `clock` returns the seconds since the first scrape, and `canary` reads
 * the canary's page, if there is one.
 */
export async function scrapeUntil(
  signal: AbortSignal,
  port: number,
  clock: () => number,
  onScrape: (scrape: Scrape) => void,
  canary?: () => string,
): Promise<void> {
  for (;;) {
    const canaryPage = canary?.();
    const own = await scrape(port, clock);
    onScrape({ ...own, ...(canaryPage === undefined ? {} : { canary: canaryPage }) });
    const next = Math.ceil(clock() / INTERVAL) * INTERVAL;
    try {
      await sleep((next - clock()) * 1000, undefined, { signal });
    } catch {
      return;
    }
  }
}

async function scrape(port: number, clock: () => number): Promise<Scrape> {
  const at = rounded(clock());
  const answer = await page(port).then(
    (text) => ({ page: withoutPaths(text) }),
    (error: unknown) => ({ failure: reasonOf(error) }),
  );
  return { at, seconds: rounded(clock() - at), ...answer };
}

function page(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signal = AbortSignal.timeout(INTERVAL * 1000);
  get(
    { host: "127.0.0.1", port, path: "/metrics", agent: false, signal, headers: ACCEPT },
    (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`HTTP ${response.statusCode ?? 0}`));
        response.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve(Buffer.concat(chunks).toString());
      });
      response.on("error", reject);
    },
  ).on("error", reject);
  return promise;
}

/** What Prometheus 3 asks for, without the protobuf format, which vLLM does not support. */
const ACCEPT = {
  accept:
    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
};

function reasonOf(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError") return "timeout";
  return code ?? message;
}

/** Masks label values that are paths of this machine, since they mean nothing elsewhere. */
function withoutPaths(text: string): string {
  return text.replace(/="(?:\/[^"/]+){2,}"/g, (label) =>
    label.startsWith('="/v1/') ? label : '="/path"',
  );
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
