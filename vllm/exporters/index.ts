/** The exporters besides vLLM: Prometheus, Alertmanager, Grafana, the GPU exporter and the canary. */
import { processMetrics } from "../catalogue/process.ts";
import { seriesNames, type Metric } from "../metric.ts";
import { alertmanagerMetrics } from "./alertmanager.ts";
import { canaryMetrics } from "./canary.ts";
import { dcgmMetrics } from "./dcgm.ts";
import { grafanaMetrics } from "./grafana.ts";
import { alertMetrics, prometheusMetrics, targetMetrics } from "./prometheus.ts";

/** Every metric that is not vLLM's. */
export const exporters = {
  ...targetMetrics,
  ...alertMetrics,
  ...prometheusMetrics,
  ...alertmanagerMetrics,
  ...grafanaMetrics,
  ...dcgmMetrics,
  ...canaryMetrics,
};

/** The same as a list. */
export const allExporterMetrics: readonly Metric[] = Object.values(exporters);

/** Grafana's series that dashboards and rules use; its metrics page has thousands more. */
export const grafanaSeries: readonly string[] = [
  ...Object.values(grafanaMetrics),
  processMetrics.processResidentMemory,
].flatMap((metric) => Object.values(seriesNames(metric)));
