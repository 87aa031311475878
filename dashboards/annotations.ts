import {
  AnnotationQueryBuilder,
  type AnnotationQuery,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { START_TIME } from "../slo/recorded.ts";
import {
  exporters,
  formatMatchers,
  math,
  metrics,
  not,
  promql,
  type PromqlContext,
} from "../vllm/index.ts";
import { DATASOURCE } from "./variables.ts";

/**
 * Events drawn over every panel: server starts, changes of Prometheus's configuration, and alerts.
 *
 * @param restartsOf Whose starts to draw. By default, those of the servers of the chosen models.
 *   `targets` draws those of all targets in scope, including Prometheus and Grafana. `none` draws
 *   none, for dashboards with so many models that a mark would not show which server started.
 */
export function annotations(
  scope: NonNullable<PromqlContext["scope"]>,
  restartsOf: "models" | "targets" | "none" = "models",
): Builder<AnnotationQuery>[] {
  const all = promql({ histograms: "classic", window: "2m" });
  const firing = all.series(exporters.alerts, {
    // Watchdog always fires.
    where: { alertstate: "firing", alertname: not("Watchdog") },
  });
  return [
    ...(restartsOf === "none" ? [] : [restarts(scope, restartsOf)]),
    annotation({
      name: "Config changes",
      colour: "blue",
      title: "Prometheus's configuration changed",
      text: "",
      expr: math`${all.series(exporters.configReloadTime)} * 1000`,
    }).useValueForTime(true),
    annotation({
      name: "Alerts",
      colour: "red",
      title: "{{alertname}}",
      text: "{{severity}} {{model_name}} {{instance}}",
      // Marks only the start of each alert: if several were drawn while they fire, they would hide
      // the lines.
      expr: math`${firing} unless ${firing} offset 1m`,
    }),
  ];
}

/**
 * Start times: a rule records those of vLLM servers; all targets expose those of their processes.
 */
function restarts(
  scope: NonNullable<PromqlContext["scope"]>,
  of: "models" | "targets",
): Builder<AnnotationQuery> {
  const { job, instance, model_name } = scope;
  const ofModels = `${START_TIME}{${formatMatchers({ job, instance, model_name })}}`;
  const ofTargets = promql({ histograms: "classic", window: "2m", scope }).series(
    metrics.processStartTime,
  );
  return annotation({
    name: "Restarts",
    colour: "orange",
    title: "Started",
    text: "{{instance}}",
    expr: math`${of === "models" ? ofModels : ofTargets} * 1000`,
  }).useValueForTime(true);
}

function annotation(args: {
  name: string;
  colour: string;
  title: string;
  text: string;
  expr: string;
}): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(args.name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(args.colour)
    .expr(args.expr)
    .titleFormat(args.title)
    .textFormat(args.text)
    .step("60s");
}
