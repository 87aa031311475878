import { constants } from "node:os";
import { Failure } from "../../tools/failure.ts";

/** The signals that interrupt an operation. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The failure of a command that a signal has interrupted. */
export class Interrupted extends Failure {
  readonly exitCode: number;

  constructor(message: string, signal: NodeJS.Signals) {
    super(message);
    this.exitCode = exitCodeOf(signal);
  }
}

/**
 * From now on, a signal outside an operation still ends this process, but its exit handlers run
 * first. Returns a function that restores the default.
 */
export function exitOnSignals(): () => void {
  const exit = (signal: NodeJS.Signals) => {
    if (!inOperation) process.exit(exitCodeOf(signal));
  };
  for (const signal of SIGNALS) process.on(signal, exit);
  return () => {
    for (const signal of SIGNALS) process.off(signal, exit);
  };
}

let inOperation = false;

/** The signals that arrive during an operation. */
export interface Interruption {
  /** Aborts at the first signal, unless the terminal has already sent that signal to the engine. */
  abort: AbortSignal;
  /** The first signal that has arrived. */
  signal: () => NodeJS.Signals | undefined;
  /** Restores the default effect of signals. */
  stop: () => void;
}

/**
 * Handles signals: the first one calls `onFirst`, and a second one ends the process at once.
 *
 * The engine must get only one signal: a second one makes it stop without saving the running steps.
 * On a terminal, Ctrl-C reaches the whole foreground process group, so the engine already has it.
 */
export function followSignals(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined) process.exit(exitCodeOf(signal));
    first = signal;
    onFirst();
    if (signal !== "SIGINT" || !onTerminal) controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  inOperation = true;
  return {
    abort: controller.signal,
    signal: () => first,
    stop: () => {
      inOperation = false;
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/** The exit code that a shell reports for a process that this signal has ended. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
