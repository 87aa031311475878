/** Words in place of numbers. */
import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";

/** A word, and the colour that it is shown in. */
export interface Word {
  value: number;
  text: string;
  color: string;
}

/** The words for a state that a query gives as a number. */
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
