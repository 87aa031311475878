/** Recording rules and alerts as Prometheus's rule files, made from a stack's settings. */
import { stringify } from "yaml";
import { availabilityAlerts } from "./alerts/availability.ts";
import { burnRateAlerts } from "./alerts/burnRate.ts";
import { canaryAlerts } from "./alerts/canary.ts";
import { collectionAlerts } from "./alerts/collection.ts";
import { gpuAlerts } from "./alerts/gpu.ts";
import { outlierAlerts } from "./alerts/outliers.ts";
import { remoteWriteAlerts } from "./alerts/remoteWrite.ts";
import { stackAlerts } from "./alerts/stack.ts";
import { stallAlerts } from "./alerts/stalls.ts";
import { storageAlerts } from "./alerts/storage.ts";
import { symptomAlerts } from "./alerts/symptoms.ts";
import { fleetGroups } from "./fleet.ts";
import { ruleContext } from "./ruleContext.ts";
import type { RuleOptions } from "./ruleOptions.ts";
import { recordingGroups } from "./recording.ts";
import {
  groupObject,
  type AlertRule,
  type Concern,
  type RecordingRule,
  type RuleGroup,
} from "./rule.ts";
import { objectiveGroups } from "./slo.ts";

export { ALERT_NAMES, type AlertName } from "./alerts/names.ts";
export type { RuleOptions } from "./ruleOptions.ts";
export type { AlertRule, RuleGroup } from "./rule.ts";

/** The text of each rule file, by the name that `prometheus.yml` uses for it. */
export function ruleFiles(options: RuleOptions): Record<string, string> {
  const text = (groups: readonly RuleGroup[]) =>
    stringify(
      { groups: groups.map((group) => groupObject(group, options.links.runbook)) },
      { aliasDuplicateObjects: false, lineWidth: 0 },
    );
  return {
    "recording.rules.yml": text(recordingRules(options)),
    "alerts.rules.yml": text(alertRules(options)),
  };
}

/** The recording rules, in the order of their evaluation. */
export function recordingRules(options: RuleOptions): RuleGroup<RecordingRule>[] {
  const context = ruleContext(options);
  return [...recordingGroups(context), ...fleetGroups(options), ...objectiveGroups(context)];
}

/** What each alert means, by its name. */
export function alertMeanings(options: RuleOptions): Record<string, string> {
  return Object.fromEntries(
    alertRules(options).flatMap(({ rules }) => rules.map(({ name, meaning }) => [name, meaning])),
  );
}

/** The alerts that are not turned off. */
export function alertRules(options: RuleOptions): RuleGroup<AlertRule>[] {
  const context = ruleContext(options);
  return [
    burnRateAlerts(context),
    availabilityAlerts(context),
    symptomAlerts(context),
    stallAlerts(context),
    outlierAlerts(context),
    canaryAlerts(context),
    collectionAlerts(context),
    gpuAlerts(context),
    stackAlerts(context),
    storageAlerts(context),
    remoteWriteAlerts(context),
  ]
    .map(({ rules, ...group }) => ({
      ...group,
      rules: rules
        .filter(({ name }) => !options.disabled.includes(name))
        .map((rule) => (isMeasure(rule) ? { ...rule, keepFiringFor: context.time("5m") } : rule)),
    }))
    .filter(({ rules }) => rules.length > 0);
}

/**
 * Whether an alert compares a threshold with a value that may fluctuate around it. Such an alert keeps
 * firing for a while; otherwise it would resolve and fire again and again. An alert without a waiting time
 * (`for`) is about an event.
 */
function isMeasure({ concern, for: waits }: AlertRule): boolean {
  return MEASURES.includes(concern) && waits !== undefined;
}

const MEASURES: readonly Concern[] = ["slo", "errors", "saturation", "cache", "balance"];
