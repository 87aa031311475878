/** What all panels have in common. */
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type DynamicConfigValue,
  type Panel,
  ThresholdsConfigBuilder,
  type ThresholdsConfig,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import type { Levels } from "../dashboardOptions.ts";
import { DATASOURCE } from "../variables.ts";

/** What every panel is given. */
export interface PanelArgs {
  title: string;
  /** The question that the panel answers, and how to read it. */
  question: string;
  /** What to do when it looks wrong. */
  advice: string;
  /** A unit id of Grafana's. */
  unit: string;
  /** Columns of 24. */
  width?: number;
  /** Rows of the grid, about 36 pixels each. */
  height?: number;
  /** What an empty panel says: that there was no traffic, or that a feature is off. */
  empty?: string;
  /** Where its values become worth a look. */
  steps?: Builder<ThresholdsConfig>;
  /** Where a click leads. */
  drillDown?: DrillDown;
}

/** Another dashboard. */
export interface DrillDown {
  uid: string;
  title: string;
  /** The label whose value it is opened with, if any. */
  label?: "model_name" | "instance";
  /**
   * It is opened with the chosen models: both dashboards can be narrowed to these.
   */
  keepsChoice?: true;
  /** Not from a dashboard on which no job of that dashboard's is chosen. */
  withoutJob?: true;
  /** A column of the same row, by its title: the panel with this id is opened alone. */
  panelIn?: string;
}

/** One line, or one group of lines, of a panel. */
export interface Query {
  /** PromQL. */
  expr: string;
  /** Name in the legend; `{{label}}` stands for a label's value. */
  legend: string;
  /** Of a percentile: its share, such as 0.95. */
  share?: number;
}

/**
 * A panel with its size, to which a dashboard gives an id and a place, and its texts for the docs.
 */
export interface SizedPanel extends Pick<PanelArgs, "title" | "question" | "advice"> {
  builder: PanelBuilder;
  width: number;
  height: number;
}

export type PanelBuilder = Builder<Panel> & {
  id(id: number): PanelBuilder;
  gridPos(place: { x: number; y: number; w: number; h: number }): PanelBuilder;
  interval(interval: string): PanelBuilder;
};

/** What a panel says that has nothing to show, because nothing was asked of vLLM. */
export const NO_TRAFFIC = "No traffic";

/** What a panel says whose metric exists only where a feature is on. */
export const OFF = "Off";

/** The part of the SDK's panel builders that all of them share. */
interface CommonBuilder extends PanelBuilder {
  title(title: string): this;
  description(text: string): this;
  datasource(reference: DataSourceRef): this;
  unit(unit: string): this;
  noValue(text: string): this;
  thresholds(steps: Builder<ThresholdsConfig>): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
}

/** The description of a panel, in Markdown. */
export function panelDescription({
  question,
  advice,
}: Pick<PanelArgs, "question" | "advice">): string {
  return `${question}\n\n**When it looks wrong:** ${advice}`;
}

/** Gives a panel what all panels have. */
export function setCommonOptions<B extends CommonBuilder>(builder: B, args: PanelArgs): B {
  builder
    .title(args.title)
    .description(panelDescription(args))
    .datasource(DATASOURCE)
    .unit(args.unit)
    .noValue(args.empty ?? NO_TRAFFIC);
  if (args.steps) builder.thresholds(args.steps);
  if (args.drillDown) {
    const { label = "" } = args.drillDown;
    builder.dataLinks([dataLink(args.drillDown, `\${__field.labels.${label}}`)]);
  }
  return builder;
}

/** A panel of the size that `args` asks for, by default of `size`. */
export function sizedPanel(
  builder: PanelBuilder,
  { title, question, advice, width, height }: Omit<PanelArgs, "unit">,
  size: { width: number; height: number },
): SizedPanel {
  return {
    builder,
    width: width ?? size.width,
    height: height ?? size.height,
    ...{ title, question, advice },
  };
}

/**
 * An override that takes the text for a missing value from all series. Grafana writes that text at
 * each unlabelled tick of a logarithmic axis, one over the other, and into the legend of a state
 * timeline. An empty panel still says it: without series there is nothing to override.
 */
export const WITHOUT_NO_VALUE: [regexp: string, properties: DynamicConfigValue[]] = [
  "/.*/",
  [{ id: "noValue", value: null }],
];

/**
 * A link to a dashboard, over the same time and narrowed to one model or instance if `label` is
 * given.
 */
export function dataLink(drillDown: DrillDown, value: string): DashboardLinkBuilder {
  const { uid, title, label, keepsChoice, withoutJob, panelIn } = drillDown;
  const kept = ["${__url_time_range}", "${datasource:queryparam}"];
  if (!withoutJob) kept.push("${job:queryparam}");
  if (keepsChoice) kept.push("${model_name:queryparam}");
  if (label !== undefined) kept.push(`var-${label}=${value}`);
  if (panelIn !== undefined) kept.push(`viewPanel=\${__data.fields.${panelIn}}`);
  return new DashboardLinkBuilder(title).url(`/d/${uid}?${kept.join("&")}`);
}

/** A query over the dashboard's span of time. */
export function rangeTarget({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .expr(expr)
    .legendFormat(legend)
    .range();
}

/** A query of the present. */
export function instantTarget({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .expr(expr)
    .legendFormat(legend)
    .instant();
}

/** A, B … Z. */
export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

/**
 * Green, orange from the warning on, red from the critical value on; what is not there has no
 * colour.
 */
export function levels({ warning, critical }: Levels): ThresholdsConfigBuilder {
  return colours([
    [null, "text"],
    [0, "green"],
    [warning, "orange"],
    [critical, "red"],
  ]);
}

/** The same where less is worse. */
export function levelsBelow({ warning, critical }: Levels): ThresholdsConfigBuilder {
  return colours([
    [null, "red"],
    [critical, "orange"],
    [warning, "green"],
  ]);
}

/** One colour for every value: a number that is neither good nor bad. */
export function singleColour(colour = "text"): ThresholdsConfigBuilder {
  return colours([[null, colour]]);
}

/** A colour from each value on, ascending. */
export function colours(steps: [from: number | null, colour: string][]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}
