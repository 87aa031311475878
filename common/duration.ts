import { z } from "zod";

/** Durations are 64-bit numbers of nanoseconds in Prometheus and Alertmanager. */
const LONGEST = "292y";

/**
 * A Prometheus duration: whole numbers with a unit each, largest unit first, such as `5s`, `1m30s`
 * or `15d`. Zero is invalid, since no setting here can use it. The grammar is that of Prometheus's
 * configuration reference.
 */
export const duration = z
  .string({
    error: 'is not a duration: give a number with a unit (ms, s, m, h, d, w, y), such as "5s".',
  })
  .refine((text) => DURATION.test(text) && text !== "", {
    error:
      'is not a duration: give a positive number with a unit (ms, s, m, h, d, w, y), such as "5s".',
    abort: true,
  })
  .refine((text) => milliseconds(text) > 0, {
    error: 'is zero: give a duration of at least 1 ms, such as "5s".',
  })
  .refine((text) => milliseconds(text) <= milliseconds(LONGEST), {
    error: `is longer than Prometheus can represent: give at most "${LONGEST}".`,
  });

/** A duration multiplied by `factor`, in whole seconds unless it is given in milliseconds. */
export function multiplyDuration(text: string, factor: number): string {
  const length = Math.round(milliseconds(text) * factor);
  return text.endsWith("ms") || length % 1000 !== 0 ? `${length}ms` : `${length / 1000}s`;
}

/** The length of a valid Prometheus duration in milliseconds. */
export function milliseconds(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    total += Number(count) * UNITS[unit as keyof typeof UNITS];
  }
  return total;
}

const DURATION = /^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;

const UNITS = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
