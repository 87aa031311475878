import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, timeSeriesPanel, OFF, type Query } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { MEGAHERTZ } from "../units.ts";
import { NO_GPU } from "./gpuHeadline.ts";
import { PER_GPU } from "./gpuLoad.ts";

/** What slows GPUs down, and what breaks. */
export function gpuFaultsRow({ q }: Queries, { thresholds }: DashboardOptions): Row {
  const by = PER_GPU;
  const half = { empty: NO_GPU };
  const perGpu = (expr: string, what = ""): Query[] => [
    { expr, legend: `{{Hostname}} GPU {{gpu}}${what}` },
  ];
  return {
    title: "Health",
    panels: [
      timeSeriesPanel({
        ...half,
        title: "Temperature",
        question: "How hot is each GPU?",
        advice: "One above the others: its cooling. All: the air of the room.",
        unit: units.Celsius,
        steps: levels(thresholds.gpuTemperature),
        queries: perGpu(q.max(exporters.gpuTemperature, { by })),
      }),
      timeSeriesPanel({
        ...half,
        title: "Memory temperature",
        question: "How hot is each GPU's memory? It may throttle before the GPU does.",
        advice: "Above about 95 °C: cooling, as for the GPU.",
        unit: units.Celsius,
        queries: perGpu(q.max(exporters.gpuMemoryTemperature, { by })),
      }),
      timeSeriesPanel({
        ...half,
        title: "Clock",
        question: "How fast do the GPUs run?",
        advice: "Lower than the others under load: throttled, or a clock that somebody locked.",
        unit: MEGAHERTZ,
        queries: perGpu(q.avg(exporters.gpuClock, { by })),
      }),
      timeSeriesPanel({
        title: "Throttling",
        question: "During what share of the time is each GPU slowed down for power, and for heat?",
        advice: "Power: a higher limit, or more GPUs. Heat: cooling.",
        unit: units.PercentUnit,
        empty: `${OFF}: not among the exporter's default counters`,
        queries: [
          ...perGpu(math`${q.rate(exporters.gpuPowerThrottling, { by })} / 1e9`, ", power"),
          ...perGpu(math`${q.rate(exporters.gpuThermalThrottling, { by })} / 1e9`, ", heat"),
        ],
      }),
      timeSeriesPanel({
        ...half,
        title: "XID errors",
        question: "Which error did each GPU report last? 0 is none.",
        advice:
          "13, 31: often software. 48, 63, 64, 94, 95: memory. 79: fell off the bus. Drain the host and reset the GPU.",
        unit: units.Short,
        queries: perGpu(q.max(exporters.gpuXid, { by })),
      }),
      timeSeriesPanel({
        ...half,
        title: "Memory and link faults",
        question:
          "Are rows of memory remapped for uncorrectable errors, did a remap fail, and does PCIe repeat transfers?",
        advice: "A failed remap: replace the GPU. Repeats: its slot or cable.",
        unit: units.Short,
        queries: [
          ...perGpu(q.increase(exporters.gpuUncorrectableRows, { by }), ", remapped rows"),
          ...perGpu(q.max(exporters.gpuRowRemapFailure, { by }), ", failed remap"),
          ...perGpu(q.increase(exporters.gpuPcieReplays, { by }), ", PCIe repeats"),
        ],
      }),
    ],
  };
}
