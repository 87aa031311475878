/** How long test files take: a reporter for Node's test runner, and a table of its results. */
import type { TestEvent } from "node:test/reporters";
import { relative } from "node:path";

/** The time of one test file, or of a part of it. */
export interface FileTime {
  /** Relative to the folder that the tests run in. */
  file: string;
  milliseconds: number;
}

/** Reports the time of each top-level test or suite of a file as a line of JSON. */
export default async function* reporter(events: AsyncIterable<TestEvent>) {
  for await (const { type, data } of events) {
    if ((type !== "test:pass" && type !== "test:fail") || data.nesting > 0) continue;
    const { file = "", details } = data;
    const time: FileTime = {
      file: relative(process.cwd(), file),
      milliseconds: details.duration_ms,
    };
    yield `${JSON.stringify(time)}\n`;
  }
}

/** Converts the reporter's lines into times of files, the longest first. */
export function fileTimes(lines: string): FileTime[] {
  const times = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as FileTime);
  return [...Map.groupBy(times, ({ file }) => file)]
    .map(([file, parts]) => ({
      file,
      milliseconds: parts.reduce((sum, part) => sum + part.milliseconds, 0),
    }))
    .sort((one, other) => other.milliseconds - one.milliseconds);
}

/** How long each level took, with its files that took at least `least` seconds. */
export function timesTable(
  levels: { level: string; milliseconds: number; files: FileTime[] }[],
  least = 10,
): string {
  const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`.padStart(7);
  return levels
    .flatMap(({ level, milliseconds, files }) => [
      `${seconds(milliseconds)}  ${level}`,
      ...files
        .filter((one) => one.milliseconds >= least * 1000)
        .map((one) => `${seconds(one.milliseconds)}    ${one.file}`),
    ])
    .join("\n");
}
