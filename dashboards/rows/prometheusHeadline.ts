import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { colours, levels, statPanel, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

const NONE_YET = "Not scraped yet";

/** The stack's health at a glance. */
export function prometheusHeadlineRow({ now }: Queries): Row {
  const tile = { width: 4, empty: NONE_YET };
  const bad = (from: number) =>
    colours([
      [null, "green"],
      [from, "red"],
    ]);
  return {
    panels: [
      statPanel({
        ...tile,
        title: "Targets down",
        question: "How many scrape targets give no metrics?",
        advice: "Targets below shows which, and how their scrapes end.",
        unit: units.Short,
        query: math`count(${now.series(exporters.up)} == 0) or vector(0)`,
        steps: bad(1),
      }),
      statPanel({
        ...tile,
        title: "Configuration",
        question: "Did Prometheus accept its latest configuration?",
        advice: "Prometheus keeps the previous one: its log names the line that it rejects.",
        unit: units.Short,
        query: now.min(exporters.configReloaded),
        mappings: words([
          { value: 0, text: "Refused", color: "red" },
          { value: 1, text: "In use", color: "green" },
        ]),
      }),
      statPanel({
        ...tile,
        title: "Series",
        question:
          "How many series does Prometheus hold at present? About 400 per engine with classic histograms, 90 with native ones.",
        advice: "Many more than expected: New series per scrape shows which targets create them.",
        unit: units.Short,
        query: now.sum(exporters.headSeries),
      }),
      statPanel({
        ...tile,
        title: "Storage used",
        question:
          "How much of the allowed disk space is used? At 100 %, Prometheus deletes the oldest samples early.",
        advice:
          "Near 100 % before retention.time is reached: raise retention.size, or keep fewer series.",
        unit: units.PercentUnit,
        query: ratio(
          math`${now.sum(exporters.blocksSize)} + ${now.sum(exporters.walSize)} + ${now.sum(exporters.headChunksSize)}`,
          now.sum(exporters.retentionSize),
        ),
        steps: levels({ warning: 0.9, critical: 1 }),
      }),
      statPanel({
        ...tile,
        title: "Oldest sample",
        question: "How old is the oldest sample?",
        advice:
          "Younger than retention.time on an old stack: the disk limit deleted older samples.",
        unit: units.DurationSeconds,
        decimals: 0,
        query: math`time() - ${now.min(exporters.oldestSample)}`,
      }),
      statPanel({
        ...tile,
        title: "Scraped twice",
        question:
          "How many addresses are scraped by two jobs? Their engines would be counted twice on every dashboard.",
        advice: "Remove one of the two from the stack's targets.",
        unit: units.Short,
        query: math`count(count by (instance) (${now.series(exporters.up)}) > 1) or vector(0)`,
        steps: bad(1),
      }),
    ],
  };
}
