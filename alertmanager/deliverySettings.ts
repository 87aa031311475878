import { z } from "zod";
import { duration } from "../common/duration.ts";
import { flag, labelValue, ownNames, text, type Fault } from "../common/schemaParts.ts";
import { NO_RECEIVER, receivers } from "./receivers.ts";

const names = (what: string) =>
  z
    .array(text(what), { error: `is not a list: give ${what}s.` })
    .min(1, { error: `is empty: give a ${what}, or leave the key out.` });

const route = z.strictObject(
  {
    receiver: text(`the name of a receiver, or "${NO_RECEIVER}"`),
    severity: z
      .array(
        z.enum(["critical", "warning"], { error: "is not a severity: give critical or warning." }),
        {
          error: "is not a list: give critical, warning or both.",
        },
      )
      .min(1, { error: "is empty: give a severity, or leave the key out." })
      .optional(),
    models: names("model").optional(),
    alerts: names("alert").optional(),
    labels: z
      .record(
        z.string().regex(/^[a-zA-Z_]\w*$/, {
          error: "is not a label name: use letters, digits and underscores, and no digit first.",
        }),
        labelValue,
        {
          error: "is not a set of labels: give names with values, such as { team: search }.",
        },
      )
      .optional(),
    muteTimes: names("mute time").optional(),
    continue: flag.default(false),
  },
  { error: "is not a route: give { receiver, severity, models, alerts, labels, muteTimes }." },
);

/** Which receiver gets which alerts. */
export type Route = z.output<typeof route>;

const time = z
  .string({ error: 'is not a time of day: give one such as "22:00".' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
    error: 'is not a time of day: give one from "00:00" to "23:59".',
  });

/** The days, in the order of the week. */
export const DAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

const muteTime = z
  .strictObject(
    {
      name: text("a name, which routes refer to"),
      from: time.optional(),
      to: time.optional(),
      weekdays: z
        .array(z.enum(DAYS, { error: `is not a day: give one of ${DAYS.join(", ")}.` }), {
          error: `is not a list of days: give some of ${DAYS.join(", ")}.`,
        })
        .min(1, { error: "is empty: give a day, or leave the key out." })
        .optional(),
      location: z
        .string({ error: 'is not a time zone: give one such as "Europe/Berlin".' })
        .refine(isTimeZone, { error: 'is not a time zone: give one such as "Europe/Berlin".' })
        .optional(),
    },
    { error: "is not a mute time: give { name, from, to, weekdays, location }." },
  )
  .superRefine((given, context) => {
    const { from, to, weekdays } = given;
    const fault =
      (from === undefined) !== (to === undefined)
        ? "has one of from and to: give both, or neither for whole days."
        : from === undefined &&
            (weekdays === undefined || DAYS.every((day) => weekdays.includes(day)))
          ? "would always mute: give from and to, or at most six weekdays."
          : from !== undefined && from === to
            ? "starts and ends at the same time: give different times."
            : undefined;
    if (fault === undefined) return;
    context.addIssue({ code: "custom", path: ["name"], input: given.name, message: fault });
  });

/** A time at which routes that name it send nothing. It passes midnight where `to` is before `from`. */
export type MuteTime = z.output<typeof muteTime>;

/** The keys of the setting `alerting` about receivers, routes and intervals. */
export const deliverySettings = {
  receivers: receivers
    .default([])
    .describe(
      "Notification receivers: a list of { name } with one or more of webhook { url, bearerToken }, slack { url, channel }, pagerduty { routingKey }, email { to, from, smarthost, username, password, requireTls }, opsgenie { apiKey, url }, msteams { url }, discord { url }, telegram { botToken, chatId }. If the list is not empty, Alertmanager is deployed. The first receiver gets all alerts that no route matches. Store URLs, keys, tokens and passwords as secrets.",
    ),
  routes: z
    .array(route, {
      error:
        "is not a list of routes: give a list of { receiver, severity, models, alerts, labels, muteTimes }.",
    })
    .default([])
    .describe(
      `Routes from alerts to receivers: a list of { receiver, severity, models, alerts, labels, muteTimes, continue }. The first match wins, unless it has continue: true. The receiver "${NO_RECEIVER}" always exists and sends no notifications.`,
    ),
  muteTimes: z
    .array(muteTime, {
      error: "is not a list of mute times: give a list of { name, from, to, weekdays, location }.",
    })
    .superRefine(ownNames("mute times"))
    .default([])
    .describe(
      "Time intervals in which the routes that name them send no notifications: a list of { name, from, to, weekdays, location }.",
    ),
  watchdogReceiver: text("the name of a receiver")
    .optional()
    .describe(
      "Receiver of Watchdog, an alert that always fires. Use a service that alerts you when the notifications stop (a dead man's switch).",
    ),
  groupWait: duration
    .default("30s")
    .describe(
      "How long Alertmanager waits before the first notification of a group, to collect more alerts.",
    ),
  groupInterval: duration
    .default("5m")
    .describe(
      "Minimum time between two notifications of a group after a change, such as a new or resolved alert.",
    ),
  repeatInterval: duration
    .default("4h")
    .describe("Repeat interval of notifications for alerts that are still firing."),
};

/** References to names that do not exist, with their key inside `alerting`. */
export function referenceFaults(given: {
  receivers: readonly { name: string }[];
  routes: readonly Route[];
  muteTimes: readonly MuteTime[];
  watchdogReceiver?: string | undefined;
}): Fault[] {
  const { receivers, routes, muteTimes, watchdogReceiver } = given;
  return [
    ...routes.flatMap((one, index) => [
      ...(one.receiver === NO_RECEIVER
        ? []
        : unknownReceiver(["routes", index, "receiver"], one.receiver, receivers)),
      ...(one.muteTimes ?? []).flatMap((name, place) => {
        const path = ["routes", index, "muteTimes", place];
        return unknown(path, name, muteTimes, "mute time", "alerting.muteTimes");
      }),
    ]),
    ...(watchdogReceiver === undefined || watchdogReceiver === NO_RECEIVER
      ? []
      : unknownReceiver(["watchdogReceiver"], watchdogReceiver, receivers)),
  ];
}

type Named = readonly { name: string }[];

function unknownReceiver(path: PropertyKey[], name: string, receivers: Named): Fault[] {
  return unknown(path, name, receivers, "receiver", "alerting.receivers");
}

/**
 * The fault of a reference whose name is not among the `known` names, which are under `key` and of
 * `kind`.
 */
function unknown(path: PropertyKey[], name: string, known: Named, kind: string, key: string) {
  const names = known.map((one) => one.name);
  if (names.includes(name)) return [];
  const choice = names.length === 0 ? `add it to ${key}` : `give one of ${names.join(", ")}`;
  return [{ path, input: name, message: `is not a known ${kind}: ${choice}.` }];
}

/**
 * Whether Alertmanager knows a time zone: a name of the IANA database in its exact case. JavaScript
 * also accepts other cases and offsets. For an alias, JavaScript returns the main name, so the case
 * of aliases is checked by their form only.
 */
function isTimeZone(text: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
    const isMainName = timeZone.toLowerCase() === text.toLowerCase();
    return isMainName ? timeZone === text && !/^[+-]/.test(text) : ALIAS.test(text);
  } catch {
    return false;
  }
}

/** An alias such as `US/Eastern`, `EST5EDT` or `Asia/Ho_Chi_Minh`. */
const ALIAS = /^[A-Z][A-Za-z0-9+-]*(_[A-Za-z]+)*(\/[A-Z][A-Za-z0-9+-]*(_[A-Za-z]+)*)*$/;
