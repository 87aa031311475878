import { stringify } from "yaml";
import type { ScaleDuration } from "../common/timeScale.ts";
import { formatMatchers } from "../vllm/index.ts";
import { INHIBIT_RULES } from "./inhibition.ts";
import { renderReceiver } from "./integrations.ts";
import { NO_RECEIVER, type Receiver } from "./receivers.ts";
import { ALERTMANAGER_CONFIG_FOLDER, TEMPLATES_FILE } from "./alertmanagerServer.ts";
import { DAYS, type MuteTime, type Route } from "./deliverySettings.ts";

/** Which receivers get which alerts. */
export interface Delivery {
  /** The first receiver gets the alerts that match no route. */
  receivers: Receiver[];
  routes: Route[];
  muteTimes: MuteTime[];
  /** The receiver of the alert that always fires; none unless given. */
  watchdogReceiver?: string | undefined;
  /** Prometheus durations. */
  groupWait: string;
  groupInterval: string;
  repeatInterval: string;
}

/** Alertmanager's configuration, without any secret, and the secrets by file. */
export interface AlertmanagerFiles {
  config: string;
  secrets: Record<string, string>;
}

/** The text of `alertmanager.yml`, and the secret files that it names. */
export function alertmanagerConfig(delivery: Delivery, time: ScaleDuration): AlertmanagerFiles {
  const rendered = delivery.receivers.map(renderReceiver);
  const [first] = delivery.receivers;
  const config = {
    templates: [`${ALERTMANAGER_CONFIG_FOLDER}/${TEMPLATES_FILE}`],
    route: {
      receiver: first?.name ?? NO_RECEIVER,
      // One message per model instead of one per alert. One per severity, since a pager takes a single
      // severity for the whole message, and a warning in it would lower that of a critical alert.
      group_by: ["model_name", "severity"],
      group_wait: time(delivery.groupWait),
      group_interval: time(delivery.groupInterval),
      repeat_interval: time(delivery.repeatInterval),
      routes: [watchdogRoute(delivery, time), ...delivery.routes.map(route)],
    },
    inhibit_rules: INHIBIT_RULES,
    ...(delivery.muteTimes.length > 0 && {
      time_intervals: delivery.muteTimes.map((one) => ({
        name: one.name,
        time_intervals: intervals(one),
      })),
    }),
    receivers: [{ name: NO_RECEIVER }, ...rendered.map(({ receiver }) => receiver)],
  };
  return {
    config: stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 }),
    secrets: Object.assign({}, ...rendered.map(({ secrets }) => secrets)) as Record<string, string>,
  };
}

/** The alert that always fires goes to the watchdog receiver only, every few minutes. */
function watchdogRoute({ watchdogReceiver }: Delivery, time: ScaleDuration): object {
  const matchers = ['alertname="Watchdog"'];
  if (watchdogReceiver === undefined) return { receiver: NO_RECEIVER, matchers };
  return {
    receiver: watchdogReceiver,
    matchers,
    group_wait: "0s",
    group_interval: time("1m"),
    repeat_interval: time("5m"),
  };
}

function route({ receiver, severity, models, alerts, labels, muteTimes, ...rest }: Route): object {
  const matchers = [
    ...Object.entries({ severity, model_name: models, alertname: alerts }),
    ...Object.entries(labels ?? {}),
  ]
    .map(([label, match]) => formatMatchers({ [label]: match }))
    .filter((matcher) => matcher !== "");
  return {
    receiver,
    ...(matchers.length > 0 && { matchers }),
    ...(muteTimes && { mute_time_intervals: muteTimes }),
    ...(rest.continue && { continue: true }),
  };
}

/**
 * A mute time in Alertmanager's form. A mute time that passes midnight continues on the next day.
 */
function intervals({ from, to, weekdays, location }: MuteTime): object[] {
  const interval = (days: MuteTime["weekdays"], start?: string, end?: string) => ({
    ...(start !== undefined && { times: [{ start_time: start, end_time: end }] }),
    ...(days && { weekdays: days }),
    ...(location !== undefined && { location }),
  });
  if (from === undefined || to === undefined) return [interval(weekdays)];
  if (from < to) return [interval(weekdays, from, to)];
  const evening = interval(weekdays, from, "24:00");
  return to === "00:00" ? [evening] : [evening, interval(nextDays(weekdays), "00:00", to)];
}

function nextDays(weekdays: MuteTime["weekdays"]): MuteTime["weekdays"] {
  return weekdays?.map((day) => DAYS[(DAYS.indexOf(day) + 1) % DAYS.length] ?? day);
}
