/** The dashboards as tests read them. */
import { dashboards, type DashboardOptions } from "../../dashboards/index.ts";
import { thresholds } from "../../dashboards/thresholds.ts";
import { alertMeanings, recordingRules } from "../../prometheus/rules/index.ts";
import { parseSettings } from "../../settings.ts";
import { options as everyRule } from "../prometheus/rules/defaultRuleOptions.ts";

export interface PanelJson {
  id: number;
  type: string;
  title: string;
  description?: string;
  /** The shortest time between two points, such as `1m`. */
  interval?: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: {
    refId: string;
    expr: string;
    instant?: boolean;
    range?: boolean;
    legendFormat?: string;
  }[];
  fieldConfig?: {
    defaults: {
      unit?: string;
      displayName?: string;
      noValue?: string;
      thresholds?: { steps: { value: number | null }[] };
    };
    overrides: { properties: { id: string; value: unknown }[] }[];
  };
  options?: { yAxis?: { unit?: string } };
  panels?: PanelJson[];
  collapsed?: boolean;
}

export interface VariableJson {
  name: string;
  type: string;
  label?: string;
  query: string | { query: string; refId: string };
  refresh?: number;
  multi?: boolean;
  allValue?: string;
  hide?: number;
  datasource?: { uid: string };
}

export interface DashboardJson {
  uid: string;
  title: string;
  description: string;
  tags: string[];
  panels: PanelJson[];
  templating: { list: VariableJson[] };
  annotations: { list: { name: string; expr: string }[] };
  links: { tags: string[]; includeVars: boolean; keepTime: boolean }[];
  graphTooltip: number;
  refresh: string;
}

/** All dashboards, of a stack with GPU exporters; default settings otherwise. */
export const OPTIONS: DashboardOptions = {
  histograms: "classic",
  thresholds: thresholds.parse({}),
  objectives: parseSettings({}).slo.objectives,
  longestScrapeInterval: 5,
  scrapeTimeout: 5,
  gpu: true,
  canary: true,
  alerts: alertMeanings(everyRule()),
};

/** By name: the labels of each series recorded by default or with native histograms. */
export const RECORDED: Record<string, readonly string[]> = Object.fromEntries(
  [everyRule(), everyRule({ histograms: "native" })]
    .flatMap(recordingRules)
    .flatMap(({ rules }) => rules.map(({ record, has }) => [record, has])),
);

export function parsedDashboards(options: Partial<DashboardOptions> = {}): DashboardJson[] {
  return dashboards({ ...OPTIONS, ...options }).map(
    ({ json }) => JSON.parse(json) as DashboardJson,
  );
}

/** The panels of a dashboard that show data, including those in collapsed rows. */
export function panelsOf(dashboard: DashboardJson): PanelJson[] {
  return dashboard.panels.flatMap((panel) =>
    panel.type === "row" ? (panel.panels ?? []) : [panel],
  );
}

/** Every query of every dashboard with its panel's name: `vLLM / Queue Time`. */
export function queriesOf(dashboard: DashboardJson) {
  return panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map(({ expr, instant = false }) => ({
      name: `${dashboard.title} / ${panel.title}`,
      expr,
      instant,
    })),
  );
}

export function variableQuery({ query }: VariableJson): string {
  return typeof query === "string" ? query : query.query;
}
