/** Checks for settings that are valid one by one, but not together. */
import { referenceFaults } from "../alertmanager/deliverySettings.ts";
import { milliseconds } from "../common/duration.ts";
import type { Fault } from "../common/schemaParts.ts";
import { commonBuckets } from "../prometheus/buckets.ts";
import { ALERT_NAMES, notAnAlert } from "../prometheus/rules/alerts/names.ts";
import { SHORTEST_WINDOW } from "../prometheus/rules/ruleContext.ts";
import { thresholdFault } from "../slo/objective.ts";
import { LONGEST_WINDOW } from "../slo/recorded.ts";
import { scrapeIntervals, shortestInterval } from "./intervals.ts";
import type { Settings } from "./stackSchema.ts";

export function faultsTogether(settings: Settings): Fault[] {
  return [
    ...samePorts(settings),
    ...unknownNames(settings),
    ...unknownAlerts(settings),
    ...noWatchdog(settings),
    ...shortRetention(settings),
    ...unreachableScrapeTime(settings),
    ...unseparableLengths(settings),
    ...unmeasured(settings),
    ...shortWindows(settings),
    ...unkeptWindow(settings),
    ...rareScrapes(settings),
    ...rareEvaluations(settings),
    ...noTargets(settings),
  ];
}

/**
 * Targets whose address inside the Prometheus container means the container itself. Checked only for a
 * deployment: a Prometheus outside a container can reach them.
 */
export function loopbackTargets({ targets, gpu }: Settings): Fault[] {
  const faults = (path: string[], addresses: readonly string[]): Fault[] =>
    addresses.filter(isLoopback).map((input) => ({
      ...{ path, input },
      message: `is the Prometheus container itself: for a server on this machine give "host.docker.internal:${/\d+$/.exec(input)?.[0] ?? ""}", and let it listen on 0.0.0.0.`,
    }));
  return [
    ...targets.flatMap(({ addresses }) => faults(["targets"], addresses)),
    ...faults(["gpu", "exporter"], gpu.exporter),
  ];
}

function isLoopback(address: string): boolean {
  const host = new URL(`http://${address}`).hostname;
  return (
    /^(localhost|.*\.localhost|0\.0\.0\.0|127\.\d+\.\d+\.\d+)\.?$/.test(host) ||
    ["[::1]", "[::]"].includes(host)
  );
}

function samePorts({ prometheus, grafana, alertmanager, alerting }: Settings): Fault[] {
  const faults: Fault[] = [];
  if (prometheus.port === grafana.port) {
    // The one of the two that is not at its default.
    const [service, other] =
      grafana.port === 3000 ? ["prometheus", "Grafana"] : ["grafana", "Prometheus"];
    faults.push({
      path: [service, "port"],
      input: grafana.port,
      message: `is also ${other}'s port: give each service a port of its own.`,
    });
  }
  const others = [prometheus.port, grafana.port];
  if (alerting.receivers.length > 0 && others.includes(alertmanager.port)) {
    faults.push({
      path: ["alertmanager", "port"],
      input: alertmanager.port,
      message: "is also another service's port: give each service a port of its own.",
    });
  }
  return faults;
}

/** Names of undefined receivers and mute times. */
function unknownNames({ alerting }: Settings): Fault[] {
  return referenceFaults(alerting).map((fault) => ({
    ...fault,
    path: ["alerting", ...fault.path],
  }));
}

/** Routes that name alerts that do not exist. */
function unknownAlerts({ alerting }: Settings): Fault[] {
  const known: readonly string[] = ALERT_NAMES;
  return alerting.routes.flatMap(({ alerts = [] }, index) =>
    alerts.flatMap((name, place) => {
      if (known.includes(name)) return [];
      const path = ["alerting", "routes", index, "alerts", place];
      return [{ path, input: name, message: notAnAlert(name) }];
    }),
  );
}

/** A receiver for Watchdog, which is turned off. */
function noWatchdog({ alerting }: Settings): Fault[] {
  const { watchdogReceiver, disabled } = alerting;
  const index = disabled.indexOf("Watchdog");
  if (watchdogReceiver === undefined || index < 0) return [];
  const message =
    "turns off the alert that alerting.watchdogReceiver receives: remove one of the two.";
  return [{ path: ["alerting", "disabled", index], input: "Watchdog", message }];
}

/** A retention shorter than the windows of burn rates. */
function shortRetention({ retention, slo }: Settings): Fault[] {
  if (slo.objectives.length === 0 || keepsEnough(retention)) return [];
  return [
    {
      path: ["retention", "time"],
      input: retention.time,
      message: `is shorter than ${LONGEST_WINDOW}, over which the burn rates of objectives are measured: keep samples longer, or give slo.objectives: [] for none.`,
    },
  ];
}

/** A threshold for slow scrapes above the scrape timeout. */
function unreachableScrapeTime(settings: Settings): Fault[] {
  const { scrapeSeconds } = settings.alerting.thresholds;
  // Prometheus's default scrape timeout, if the interval is longer.
  const longest = Math.min(10, shortestInterval(settings));
  if (scrapeSeconds === undefined || scrapeSeconds < longest) return [];
  return [
    {
      path: ["alerting", "thresholds", "scrapeSeconds"],
      input: scrapeSeconds,
      message: `can never be reached: a scrape times out after ${longest} s (the shortest scrape interval, at most 10 s); give less.`,
    },
  ];
}

/** Buckets of lengths that cannot separate requests of a single token. */
function unseparableLengths({ slo, targets }: Settings): Fault[] {
  const perToken = slo.objectives.find(({ metric }) => metric === "time_per_output_token");
  if (perToken === undefined) return [];
  return targets.flatMap(({ customBuckets }, index) => {
    const lengths = customBuckets?.request_tokens;
    if (lengths === undefined || lengths.includes(1)) return [];
    return [
      {
        path: ["targets", index, "customBuckets", "request_tokens"],
        input: lengths,
        message: `has no bucket that ends at 1, which the objective "${perToken.name}" needs to exclude requests of a single token: start these servers with one, or remove the objective.`,
      },
    ];
  });
}

/** Thresholds of objectives that are not a bucket bound of the classic histograms. */
function unmeasured({ slo, targets, histograms }: Settings): Fault[] {
  if (histograms !== "classic") return [];
  const buckets = commonBuckets(targets);
  return slo.objectives.flatMap((objective, index) => {
    const message = thresholdFault(objective, buckets);
    if (message === undefined) return [];
    const path = ["slo", "objectives", index, "threshold"];
    return [{ path, input: objective.threshold, message }];
  });
}

/** Objectives with a window shorter than that of their burn rates. */
function shortWindows({ slo, retention }: Settings): Fault[] {
  // Otherwise the windows are short because of the retention, which has its own error.
  if (!keepsEnough(retention)) return [];
  return slo.objectives.flatMap(({ window }, index) =>
    milliseconds(window) >= milliseconds(LONGEST_WINDOW)
      ? []
      : [
          {
            path: ["slo", "objectives", index, "window"],
            input: window,
            message: `is shorter than the longest window of its burn rates: give ${LONGEST_WINDOW} or more, such as "30d".`,
          },
        ],
  );
}

/** An objective with a window longer than the retention. */
function unkeptWindow({ slo, retention }: Settings): Fault[] {
  const { time } = retention;
  const unkept = slo.objectives.find(({ window }) => milliseconds(window) > milliseconds(time));
  if (unkept === undefined || !keepsEnough(retention)) return [];
  return [
    {
      path: ["retention", "time"],
      input: time,
      message: `is shorter than the window of the objective "${unkept.name}", ${unkept.window}: keep samples longer, give the objective a shorter window, or leave its window out.`,
    },
  ];
}

function keepsEnough({ time }: Settings["retention"]): boolean {
  return milliseconds(time) >= milliseconds(LONGEST_WINDOW);
}

/** Scrape intervals so long that the shortest window of the rules has fewer than two scrapes. */
function rareScrapes(settings: Settings): Fault[] {
  const shortest = milliseconds(SHORTEST_WINDOW) * settings.alerting.timeScale;
  return scrapeIntervals(settings)
    .filter(([, interval]) => 2 * milliseconds(interval) > shortest)
    .map(([path, input]) => ({
      path,
      input,
      message: `is too long for the rules: two scrapes must fit in their shortest window, ${shortest / 1000} s.`,
    }));
}

/** An evaluation interval so long that recorded series have gaps. */
function rareEvaluations({ evaluationInterval, alerting }: Settings): Fault[] {
  const longest = (milliseconds(SHORTEST_WINDOW) * alerting.timeScale) / 2;
  if (milliseconds(evaluationInterval) <= longest) return [];
  return [
    {
      path: ["evaluationInterval"],
      input: evaluationInterval,
      message: `is too long for the rules: give at most half of their shortest window, ${longest / 1000} s; with more, recorded series have gaps and alerts do not fire.`,
    },
  ];
}

function noTargets({ targets, demo }: Settings): Fault[] {
  if (targets.length > 0 || demo) return [];
  const message = 'is empty: give at least one "host:port", or set demo to true.';
  return [{ path: ["targets"], input: [], message }];
}
