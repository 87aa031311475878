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
        advice: "One above the others: check its cooling. All: check the room's air.",
        unit: units.Celsius,
        steps: levels(thresholds.gpuTemperature),
        queries: perGpu(q.max(exporters.gpuTemperature, { by })),
      }),
      timeSeriesPanel({
        ...half,
        title: "Memory temperature",
        question: "How hot is each GPU's memory? It may throttle before the GPU does.",
        advice: "Above about 95 °C: check the cooling, as for the GPU.",
        unit: units.Celsius,
        queries: perGpu(q.max(exporters.gpuMemoryTemperature, { by })),
      }),
      timeSeriesPanel({
        ...half,
        title: "Clock",
        question: "How fast do the GPUs run?",
        advice:
          "Lower than the others under load: the GPU is throttled, or somebody locked its clock.",
        unit: MEGAHERTZ,
        queries: perGpu(q.avg(exporters.gpuClock, { by })),
      }),
      timeSeriesPanel({
        title: "Throttling",
        question: "What share of the time is each GPU throttled for power, and for heat?",
        advice: "Power: raise the limit, or add GPUs. Heat: improve the cooling.",
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
        question: "Which error did each GPU report last? 0 means none.",
        advice:
          "13, 31: often software. 48, 63, 64, 94, 95: memory. 79: the GPU fell off the bus. Drain the host and reset the GPU.",
        unit: units.Short,
        queries: perGpu(q.max(exporters.gpuXid, { by })),
      }),
      timeSeriesPanel({
        ...half,
        title: "Memory and link faults",
        question:
          "Were memory rows remapped after uncorrectable errors, did a remap fail, and does PCIe repeat transfers?",
        advice: "A failed remap: replace the GPU. Repeats: check its slot or cable.",
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
