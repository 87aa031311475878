/** Words in place of numbers. */
import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Levels } from "../dashboardOptions.ts";

/** A word to show for a value, and its colour, if it has one. */
export interface Word {
  value: number | string;
  text: string;
  color?: string;
}

/** The words for the values of a query or a label. */
export function words(states: readonly Word[]): ValueMapping[] {
  const options = Object.fromEntries(
    states.map(({ value, text, color }, index) => [
      String(value),
      { text, ...(color !== undefined && { color }), index },
    ]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/**
 * Text for a percentile that lies in the first bucket or beyond the last. Queries then return the
 * end of the bucket (`quantile` of promql), and how far beyond it the true value lies is unknown.
 *
 * @param levels If the first bucket ends at or below the warning, a percentile in it is good.
 */
export function bucketLimits(
  bounds: readonly number[],
  unit: string,
  levels?: Levels,
): ValueMapping[] {
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (first === undefined || last === undefined) return [];
  const color = levels && (first <= levels.warning ? "green" : "text");
  const options = {
    [first]: { text: `< ${scaled(first, unit)}`, ...(color !== undefined && { color }), index: 0 },
    [last]: { text: `≥ ${scaled(last, unit)}`, index: 1 },
  };
  return [{ type: MappingType.ValueToText, options }];
}

/** Short times in a readable unit: 0.00001 s is 10 µs. */
function scaled(value: number, unit: string): string {
  if (unit !== "s" || value >= 0.1) return `${value} ${unit}`;
  const [factor, name] = value < 0.001 ? [1e6, "µs"] : [1e3, "ms"];
  return `${Number((value * factor).toPrecision(6))} ${name}`;
}

/** Whether a mapping gives any value a colour. */
export function hasColour({ type, options }: ValueMapping): boolean {
  const results = type === MappingType.ValueToText ? Object.values(options) : [options.result];
  return results.some(({ color }) => color !== undefined);
}
