/** A ratio in percent: 0.07 is `7 %`, without floating-point noise. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
