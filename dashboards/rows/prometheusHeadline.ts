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
        question: "How many of the servers that should be scraped give no metrics?",
        advice: "See Targets below for which, and how their scrapes end.",
        unit: units.Short,
        query: math`count(${now.series(exporters.up)} == 0) or vector(0)`,
        steps: bad(1),
      }),
      statPanel({
        ...tile,
        title: "Configuration",
        question: "Was Prometheus's latest configuration read without fault?",
        advice: "Prometheus goes on with the former one: its log names the line that it refuses.",
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
        advice: "Much more than expected: see New series for who makes them.",
        unit: units.Short,
        query: now.sum(exporters.headSeries),
      }),
      statPanel({
        ...tile,
        title: "Storage used",
        question:
          "How much of the disk that is allowed is used? At 100 % the oldest samples go first, before their time.",
        advice:
          "Near 100 % earlier than retention.time: raise retention.size, or keep fewer series.",
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
        advice: "Younger than retention.time on an old stack: the disk limit cut it off.",
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
