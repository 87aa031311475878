/** Words in place of numbers. */
import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";

/** A word that is shown for a value, and its colour. */
export interface Word {
  value: number | string;
  text: string;
  color: string;
}

/** The words for the values of a query or a label. */
export function words(states: readonly Word[]): ValueMapping[] {
  const options = Object.fromEntries(
    states.map(({ value, text, color }, index) => [String(value), { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/**
 * What to say of a percentile that lies in the first or beyond the last bucket: how far it really is
 * from there, nobody knows.
 */
export function bucketLimits(bounds: readonly number[], unit: string): ValueMapping[] {
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    {
      type: MappingType.RangeToText,
      options: { from: 0, to: first, result: { text: `≤ ${first} ${unit}` } },
    },
    {
      type: MappingType.RangeToText,
      options: { from: last, to: null, result: { text: `≥ ${last} ${unit}` } },
    },
  ];
}
