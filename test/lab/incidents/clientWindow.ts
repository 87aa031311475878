/** What the clients of an incident saw between two scrapes, as bounds for the values on dashboards. */
import type { ClientRequest, Incident } from "../../../lab/incidents/timeline.ts";

/** The lowest and the highest value that a dashboard may show. */
export type Bounds = readonly [low: number, high: number];

/**
 * A client notes the end of a request slightly later than the server counts it, and a scrape happens
 * slightly later than its timestamp. So the test cannot know whether the server counts an event this
 * close to the edge of the window.
 */
const EDGE = 0.5;

/** The last five minutes. Recorded series cover this window completely. */
export class ClientWindow {
  /** Seconds of the window for which there are scrapes. */
  readonly covered: number;
  readonly #requests: readonly ClientRequest[];
  readonly #from: number;
  readonly #to: number;

  /** @param at The time at which the dashboard is viewed: a multiple of the scrape interval. */
  constructor({ about, scrapes, requests }: Incident, at: number) {
    const { scrapeInterval } = about;
    const first = Math.max(at - 300, 0);
    this.covered = at - first;
    this.#from = scrapes[first / scrapeInterval]?.at ?? NaN;
    this.#to = scrapes[at / scrapeInterval]?.at ?? NaN;
    this.#requests = requests;
  }

  /** How many requests ended with one of these outcomes. */
  ended(...outcomes: readonly ClientRequest["outcome"][]): Bounds {
    return this.#sum(outcomes, () => 1, isWithin);
  }

  /** Prompt tokens, counted when the prompt has been processed. */
  promptTokens(): Bounds {
    return this.#sum(["answered"], ({ promptTokens = 0 }) => promptTokens, overlaps);
  }

  /** Output tokens, each counted when it is generated. */
  outputTokens(): Bounds {
    return this.#sum(["answered"], ({ outputTokens }) => outputTokens, overlaps);
  }

  /** The requests that certainly ended in the window. */
  answered(): ClientRequest[] {
    return this.#requests.filter(
      (one) => one.outcome === "answered" && isWithin(one, this.#from + EDGE, this.#to - EDGE),
    );
  }

  #sum(
    outcomes: readonly ClientRequest["outcome"][],
    of: (request: ClientRequest) => number,
    isIn: Membership,
  ): Bounds {
    const asked = this.#requests.filter(({ outcome }) => outcomes.includes(outcome));
    const total = (some: readonly ClientRequest[]) => some.reduce((sum, one) => sum + of(one), 0);
    const whole = (one: ClientRequest) =>
      isWithin(one, this.#from + EDGE, this.#to - EDGE) &&
      (isIn === isWithin || one.sent > this.#from + EDGE);
    return [
      total(asked.filter(whole)),
      total(asked.filter((one) => isIn(one, this.#from - EDGE, this.#to + EDGE))),
    ];
  }
}

type Membership = (request: ClientRequest, from: number, to: number) => boolean;

const isWithin: Membership = ({ end }, from, to) => end > from && end <= to;

const overlaps: Membership = ({ sent, end }, from, to) => end > from && sent <= to;

/** The quantile of the values; always one of the values. */
export function quantile(share: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}
