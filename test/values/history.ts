/** What Prometheus scrapes of a fleet, in the fleet's own time. */
import type { Fleet } from "../../lab/simulator/fleet.ts";
import { parseExposition, type Family } from "../../vllm/exposition.ts";
import { END, SCRAPE } from "./fleet.ts";

/** All pages of one server, oldest first. */
export interface History {
  job: string;
  /** Undefined for what serves no model. */
  model: string | undefined;
  /** Seconds since the fleet's start of each page. */
  times: number[];
  /** The pages with the time of each on every sample, one after the other. */
  text: string;
  /** The last of them, undefined if the server was dead at the end. */
  last: string | undefined;
  /** What is on the last page there was. */
  families: Family[];
}

/**
 * Lets the fleet live and keeps its pages. Prometheus accepts any number of samples of one series in
 * one answer if each has its own time, and converts each page's histograms: so a single scrape
 * brings it the whole past as many would have.
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

/** One target's pages, the first at the time of the fleet's start or later. */
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

/** A page each of whose samples says its time, in seconds. */
function stamp(page: string, time: number): string {
  return page.replace(/^[^#\n].*$/gm, `$& ${time * 1000}`);
}
