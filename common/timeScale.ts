import { milliseconds } from "./duration.ts";

/** Scales a Prometheus duration. */
export type ScaleDuration = (duration: string) => string;

/**
 * Multiplies windows and waiting times by `scale`, because drills cannot wait for hours; 1 keeps the text.
 */
export function durationScale(scale: number): ScaleDuration {
  return (duration) =>
    scale === 1 ? duration : `${Math.max(1, Math.round(milliseconds(duration) * scale))}ms`;
}

/** The scaled duration in seconds. */
export function scaledSeconds(time: ScaleDuration, duration: string): number {
  return milliseconds(time(duration)) / 1000;
}
