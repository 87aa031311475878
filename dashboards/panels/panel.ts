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

/** The arguments of every panel. */
export interface PanelArgs {
  title: string;
  /** The question that the panel answers, and how to read it. */
  question: string;
  /** What to do when it looks wrong. */
  advice: string;
  /** One of Grafana's unit ids. */
  unit: string;
  /** Width in columns, of 24. */
  width?: number;
  /** Height in rows of the grid, about 36 pixels each. */
  height?: number;
  /** What an empty panel says: that there was no traffic, or that a feature is off. */
  empty?: string;
  /** The values from which it is worth a look. */
  steps?: Builder<ThresholdsConfig>;
  /** The dashboard that a click opens. */
  drillDown?: DrillDown;
}

/** A link to another dashboard. */
export interface DrillDown {
  uid: string;
  title: string;
  /** The label whose value the link passes on, if any. */
  label?: "model_name" | "instance";
  /** The link passes on the chosen models: both dashboards have this variable. */
  keepsChoice?: true;
  /**
   * Drops the chosen jobs from the link, for dashboards that do not choose jobs of the target
   * dashboard.
   */
  withoutJob?: true;
  /**
   * The title of a column of the same row that holds a panel's id: the link opens only that panel.
   */
  panelIn?: string;
}

/** One line, or one group of lines, of a panel. */
export interface Query {
  /** PromQL. */
  expr: string;
  /** Name in the legend; `{{label}}` stands for a label's value. */
  legend: string;
  /** For a percentile: its share, such as 0.95. */
  share?: number;
}

/** A panel with its size and its texts for the docs. The dashboard gives it an id and a place. */
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

/** What a panel says when it has nothing to show because vLLM received no requests. */
export const NO_TRAFFIC = "No traffic";

/** What a panel says when its metric does not exist because a feature is off. */
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

/** Sets the options that all panels have. */
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

/** A panel of the size in `args`, or by default of `size`. */
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
 * An override that removes the text for a missing value from all series. Grafana would write that
 * text at each unlabelled tick of a logarithmic axis, one over the other, and into the legend of a
 * state timeline. An empty panel still shows the text: without series there is nothing to override.
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

/** A query over the dashboard's time range. */
export function rangeTarget({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .expr(expr)
    .legendFormat(legend)
    .range();
}

/** A query for the current value. */
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
 * Green, orange from the warning value, red from the critical value. A missing value has no colour.
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

/** The colour from each value upwards, in ascending order. */
export function colours(steps: [from: number | null, colour: string][]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}
