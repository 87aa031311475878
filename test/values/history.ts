/** What Prometheus scrapes from a fleet, with the fleet's own timestamps. */
import type { Fleet } from "../../lab/simulator/fleet.ts";
import { parseExposition, type Family } from "../../vllm/exposition.ts";
import { END, SCRAPE } from "./fleet.ts";

/** All pages of one server, oldest first. */
export interface History {
  job: string;
  /** Undefined for a target that serves no model. */
  model: string | undefined;
  /** The time of each page, in seconds since the fleet's start. */
  times: number[];
  /** All pages in a row, with the page's time on every sample. */
  text: string;
  /** The last page; undefined if the server was dead at the end. */
  last: string | undefined;
  /** The families on the last page that the server answered. */
  families: Family[];
}

/**
 * Runs the fleet and keeps its pages. Prometheus accepts any number of samples of one series in one
 * scrape if each has its own timestamp, and it converts each page's histograms. So a single scrape
 * delivers the whole history, just as many scrapes would have.
 */
export function recordHistory(fleet: Fleet): Map<string, History> {
  const pages = new Map(fleet.names.map((name) => [name, [] as { time: number; text: string }[]]));
  for (let time = 0; time <= END; time += SCRAPE) {
    fleet.advance(time);
    for (const [name, known] of pages) {
      const text = fleet.exposition(name);
      if (text !== undefined) known.push({ time, text });
    }
  }
  return new Map(
    [...pages].map(([name, known]) => {
      const job = name === "router" ? "router" : "vllm";
      return [name, historyOf({ job, pages: known, epoch: fleet.epoch })];
    }),
  );
}

/** The history of one target. Its first page is from the fleet's start or later. */
export function historyOf(args: {
  job: string;
  pages: { time: number; text: string }[];
  epoch: number;
}): History {
  const { job, pages, epoch } = args;
  const stamped = pages.map(({ time, text }) => stamp(text, epoch + time));
  const newest = pages.at(-1);
  const families = parseExposition(newest?.text ?? "");
  const samples = families.flatMap((family) => family.samples);
  return {
    job,
    model: samples.find(({ labels }) => labels.model_name)?.labels.model_name,
    times: pages.map(({ time }) => time),
    text: stamped.join(""),
    last: newest?.time === END ? stamped.at(-1) : undefined,
    families,
  };
}

/** A page with a timestamp on each sample; `time` is in seconds. */
function stamp(page: string, time: number): string {
  return page.replace(/^[^#\n].*$/gm, `$& ${time * 1000}`);
}
