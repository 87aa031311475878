/** Many hours of one server, assembled from recordings that last minutes. */
import { isDeepStrictEqual } from "node:util";
import { type Incident, readIncident } from "../../../lab/incidents/timeline.ts";
import type { Family, Sample } from "../../../vllm/exposition.ts";
import { readScrape, type ReadScrape } from "./series.ts";

/** A recording that is repeated for about this many hours, or played once if no hours are given. */
export interface DayPart {
  readonly recording: string;
  readonly hours?: number;
}

/** Seconds between scrapes: every sixth scrape of a recording. */
export const DAY_INTERVAL = 30;

/** Seconds for which the scrapes of a restart with other flags fail. */
const RESTART = 90;

/**
 * The scrapes of these recordings, one after the other. Between two recordings with the same flags the
 * server keeps running: its counters continue from their last values. Otherwise it restarts: scrapes
 * fail, and counters start at 0.
 *
 * @param wanted Selects metrics, to leave out those that nothing reads.
 */
export function scrapesOf(
  parts: readonly DayPart[],
  wanted: (metric: string) => boolean,
): ReadScrape[] {
  const day: ReadScrape[] = [];
  let server = freshServer(0);
  let before: Incident["about"] | undefined;
  const restart = () => {
    server = freshServer(day.length * DAY_INTERVAL);
  };
  for (const { recording, hours = 0 } of parts) {
    const { about, events, scrapes } = readIncident(recording);
    const thinned = scrapes.filter(
      (_, index) => index % (DAY_INTERVAL / about.scrapeInterval) === 0,
    );
    const read = thinned.map((scrape) => ({
      at: scrape.at,
      ...without(readScrape(scrape), wanted),
    }));
    if (before && !isDeepStrictEqual(before.flags, about.flags)) {
      day.push(...Array<ReadScrape>(RESTART / DAY_INTERVAL).fill({ seconds: 0.001 }));
      restart();
    }
    before = about;
    const restarted = events.find(({ what, at }) => what === "start" && at > 0)?.at ?? Infinity;
    const times = Math.max(1, Math.round((hours * 3600) / (read.length * DAY_INTERVAL)));
    for (let repetition = 0; repetition < times; repetition++) {
      server.resume(read[0]?.page ?? []);
      for (const [index, { at, page, ...rest }] of read.entries()) {
        const isNew = at > restarted && (read[index - 1]?.at ?? 0) <= restarted;
        if (isNew) restart();
        day.push({ ...rest, ...(page ? { page: server.continued(page) } : {}) });
      }
    }
  }
  return day;
}

function without({ page, ...rest }: ReadScrape, wanted: (metric: string) => boolean): ReadScrape {
  return { ...rest, ...(page ? { page: page.filter(({ name }) => wanted(name)) } : {}) };
}

/** A process that started at this time, in seconds; its counters never go back. */
function freshServer(started: number) {
  /** The counts from before the recording began. */
  const earlier = new Map<string, number>();
  const last = new Map<string, number>();
  const continuedSample = (sample: Sample): Sample => {
    const key = keyOf(sample);
    const value = sample.value + (earlier.get(key) ?? 0);
    last.set(key, value);
    return { ...sample, value };
  };
  return {
    /** Starts a recording; `first` is its first page. */
    resume(first: readonly Family[]) {
      const begun = new Map(
        first.flatMap(({ samples }) => samples.map((sample) => [keyOf(sample), sample.value])),
      );
      for (const [key, value] of last) earlier.set(key, value - (begun.get(key) ?? 0));
    },
    /** A page of the recording, as this process would serve it. */
    continued(page: readonly Family[]): Family[] {
      return page.map((family) => {
        if (family.type === "counter" || family.type === "histogram") {
          return { ...family, samples: family.samples.map(continuedSample) };
        }
        if (family.name !== "process_start_time_seconds") return family;
        return { ...family, samples: family.samples.map((one) => ({ ...one, value: started })) };
      });
    },
  };
}

function keyOf({ name, labels }: Sample): string {
  return name + JSON.stringify(labels);
}
