/** The type of an alert case, and helpers to build cases. */
import type { AlertName, RuleOptions } from "../../../prometheus/rules/index.ts";
import type { BurnWindow } from "../../../slo/recorded.ts";
import { from, type Course, type Life } from "./serverLife.ts";

/** A scenario and the alerts that fire at its end. The Watchdog fires in every case. */
export interface AlertCase {
  name: string;
  /** What happens to server a:8000. Unless `alone`, a healthy b:8000 serves the same model. */
  life?: Partial<Life>;
  alone?: boolean;
  /** Another model that a:8000 serves from minute 20 on. */
  successor?: boolean;
  /** A second data-parallel rank of a:8000, healthy except for these values. */
  rank?: Partial<Life>;
  /** The life of c:8000, if there is such a server of the same model. */
  third?: Partial<Life>;
  /** The stack's own series that are not healthy: values of gauges, rates of counters. */
  own?: Record<string, Course>;
  minutes: number;
  fires?: AlertName[];
  /** The long window of the burn-rate alert that fires. */
  window?: BurnWindow;
  /** Alerts that narrowly do not fire. */
  spares?: AlertName[];
  options?: Partial<RuleOptions>;
}

/** Without objectives only the symptom itself can fire. */
export const NO_OBJECTIVES: Partial<RuleOptions> = { objectives: [] };

/** The minute at which most faults begin, in seconds. */
export const MIDDLE = 20 * 60;

/** One value until the given minute, and another from then on. */
export const since = (minutes: number, after: number, before: number) =>
  from(minutes * 60, after, before);

/** A case on each side of a threshold. */
export function edge(
  alert: AlertName,
  minutes: number,
  life: (value: number) => Partial<Life>,
  fires: number,
  spares: number,
  rest: Partial<AlertCase> = {},
): AlertCase[] {
  return [
    { name: `${alert} at ${fires}`, minutes, life: life(fires), fires: [alert], ...rest },
    { name: `${alert} at ${spares}`, minutes, life: life(spares), spares: [alert], ...rest },
  ];
}
