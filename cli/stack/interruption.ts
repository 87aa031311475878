import { constants } from "node:os";
import { Failure } from "../../tools/failure.ts";

/** The signals that interrupt an operation. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The failure of a command that a signal has interrupted. */
export class Interrupted extends Failure {
  /** As a shell reports a process that the signal has ended. */
  readonly exitCode: number;

  constructor(message: string, signal: NodeJS.Signals) {
    super(message);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** The signals that arrive during an operation. */
export interface Interruption {
  /** Aborts at the first signal, unless the terminal has sent it to the engine as well. */
  abort: AbortSignal;
  /** The first signal that has arrived. */
  signal: () => NodeJS.Signals | undefined;
  /** Restores the default effect of signals. */
  stop: () => void;
}

/**
 * Follows signals: the first calls `onFirst`, and a second ends the process at once.
 *
 * The engine must get one signal only, since a second one makes it stop without saving what runs. On
 * a terminal Ctrl-C reaches the whole foreground process group, so the engine has it already.
 */
export function followSignals(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined) process.exit(128 + constants.signals[signal]);
    first = signal;
    onFirst();
    if (signal !== "SIGINT" || !onTerminal) controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    abort: controller.signal,
    signal: () => first,
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
