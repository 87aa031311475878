/** The exporters beside vLLM: Prometheus, Alertmanager, Grafana, the GPU exporter and the canary. */
import { process } from "../catalogue/process.ts";
import { seriesNames, type Metric } from "../metric.ts";
import { alertmanager } from "./alertmanager.ts";
import { canary } from "./canary.ts";
import { dcgm } from "./dcgm.ts";
import { grafana } from "./grafana.ts";
import { alerts, prometheus, target } from "./prometheus.ts";

/** Every metric that is not vLLM's. */
export const exporters = {
  ...target,
  ...alerts,
  ...prometheus,
  ...alertmanager,
  ...grafana,
  ...dcgm,
  ...canary,
};

/** The same as a list. */
export const allExporterMetrics: readonly Metric[] = Object.values(exporters);

/** The series of Grafana's that dashboards and rules use; its page has thousands more. */
export const grafanaSeries: readonly string[] = [
  ...Object.values(grafana),
  process.processResidentMemory,
].flatMap((metric) => Object.values(seriesNames(metric)));
