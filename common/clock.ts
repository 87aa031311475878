import { milliseconds } from "./duration.ts";

/** Makes a Prometheus duration so much shorter; 1 leaves it as it is written. */
export type Clock = (duration: string) => string;

/** For drills, which cannot wait for hours: every window and waiting time, times `scale`. */
export function clock(scale: number): Clock {
  return (duration) =>
    scale === 1 ? duration : `${Math.max(1, Math.round(milliseconds(duration) * scale))}ms`;
}

/** Seconds of a duration on this clock. */
export function seconds(time: Clock, duration: string): number {
  return milliseconds(time(duration)) / 1000;
}
