/** A share as people read it: 0.07 is `7 %`, free of the noise of floating point. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
