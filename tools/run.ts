import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

export interface RunOptions {
  cwd?: string;
  /** Variables in addition to those of this process. */
  env?: NodeJS.ProcessEnv;
  /** Called with each line of output of either stream. */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Runs a command without input and returns its standard output. If the command fails, the error names
 * it and ends with the last lines of its output.
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    signal: options.signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: string[] = [];
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (stream === child.stdout) stdout.push(line);
      if (tail.push(line) > 20) tail.shift();
      options.onLine?.(line);
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else {
        const how = code === null ? `was ended by ${signal ?? "a signal"}` : `exited with ${code}`;
        reject(new Error([`\`${command} ${args.join(" ")}\` ${how}`, ...tail].join("\n")));
      }
    });
  });
  return stdout.join("\n");
}

/** The paths of all executables called `name` on PATH, in order. */
export function allOnPath(name: string, path: string = process.env.PATH ?? ""): string[] {
  return path
    .split(delimiter)
    .filter((dir) => dir !== "")
    .map((dir) => join(dir, name))
    .filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
