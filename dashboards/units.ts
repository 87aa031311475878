/** Units that Grafana has no name for, and how shares are written in texts. */

export const TOKENS_PER_SECOND = "suffix: tok/s";
export const TOKENS = "suffix: tok";
export const BLOCKS = "suffix: blocks";

/** A share as text: 0.07 is `7 %`, free of the noise of floating point. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
