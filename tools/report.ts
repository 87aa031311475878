import { performance } from "node:perf_hooks";
import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

/** Reports the progress of long work, and how long it took. */
export interface Report {
  /**
   * Runs `work` as one named step and returns its result. Steps may nest and overlap: each prints a
   * line when it ends, and on a terminal one live line shows the running steps.
   *
   * `update` sets a short detail of the step on the live line. An error of `work` is rethrown after a
   * line that names the failed step.
   */
  step<T>(title: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
  /** Prints one line at once, above the live line. */
  say(line: string): void;
}

/** The part of a stream that a report needs, such as `process.stderr`. */
export type ReportStream = Pick<NodeJS.WriteStream, "write"> &
  Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

/**
 * A report that writes to `stream`: by default standard error, so that standard output contains only
 * results. Colour and the live line appear only on a terminal, and `NO_COLOR` is respected.
 */
export function createReport(stream: ReportStream = process.stderr): Report {
  const live = stream.isTTY === true ? createLiveLine(stream as WriteStream) : undefined;
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  const paint = (format: "green" | "red" | "dim", text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;

  const say = (line: string) => {
    live?.hide();
    stream.write(`${line}\n`);
    live?.show();
  };

  return {
    say,
    async step(title, work) {
      const started = performance.now();
      const shown = live?.add(title);
      // Without a live line, a long step must show that it is running.
      const waiting = live ? undefined : setTimeout(say, 2_000, `${title} ...`).unref();
      const end = (line: (took: string) => string) => {
        clearTimeout(waiting);
        if (shown) live?.remove(shown);
        say(line(formatElapsed(performance.now() - started)));
      };
      try {
        const result = await work((detail) => {
          if (shown) shown.detail = detail;
        });
        end((took) =>
          live
            ? `${paint("green", "✓")} ${title} ${paint("dim", `(${took})`)}`
            : `${title} ... done in ${took}`,
        );
        return result;
      } catch (error) {
        end((took) =>
          live
            ? `${paint("red", "✗")} ${title} ${paint("dim", `(failed after ${took})`)}`
            : `${title} ... failed after ${took}`,
        );
        throw error;
      }
    },
  };
}

/** The report of this process. */
export const report = createReport();

/** A duration in milliseconds as text: `0.4 s`, `59.9 s`, `2 min 5 s`. */
export function formatElapsed(milliseconds: number): string {
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

interface LiveStep {
  title: string;
  detail?: string;
  started: number;
}

/** The last line of a terminal, redrawn while steps run. */
function createLiveLine(stream: WriteStream) {
  const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  const steps = new Set<LiveStep>();
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const hide = () => {
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  const show = () => {
    if (steps.size === 0) return;
    const texts = [...steps].map(({ title, detail, started }) => {
      const took = `${Math.floor((performance.now() - started) / 1000)} s`;
      return detail ? `${title} (${took}): ${detail}` : `${title} (${took})`;
    });
    const line = `${frames.charAt(frame % frames.length)} ${texts.join(" · ")}`;
    hide();
    // Use one character less than the width: a full line would wrap and could not be cleared.
    stream.write(line.slice(0, (stream.columns || 80) - 1));
  };
  return {
    hide,
    show,
    add(title: string): LiveStep {
      const step: LiveStep = { title, started: performance.now() };
      steps.add(step);
      // The timer must not keep the process alive by itself.
      timer ??= setInterval(() => {
        frame++;
        show();
      }, 100).unref();
      show();
      return step;
    },
    remove(step: LiveStep) {
      steps.delete(step);
      hide();
      if (steps.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
