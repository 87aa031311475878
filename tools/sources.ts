import { Failure } from "./failure.ts";

/** One way to find or install a tool. */
export interface Source {
  /** Where the tool comes from, for errors: "on PATH". */
  name: string;
  /** The path of the tool; undefined if this source does not have it. May also throw. */
  find: () => Promise<string | undefined>;
}

/**
 * The tool from the first source that has it; later sources are not tried.
 *
 * @throws {Failure} if no source has the tool, with the reason from each source.
 */
export async function firstOf(what: string, sources: Source[]): Promise<string> {
  const reasons: string[] = [];
  for (const { name, find } of sources) {
    try {
      const found = await find();
      if (found !== undefined) return found;
      reasons.push(`${name}: none`);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const lines = reasons.map((reason) => `\n  ${reason.replaceAll("\n", "\n    ")}`);
  throw new Failure(`${what} could not be found or installed:${lines.join("")}`);
}

/**
 * Whether `version` has the major version of `minimum` and is not older. Both may start with `v`. A
 * pre-release is older than its release; text that is not a version is not new enough.
 */
export function isNewEnough(version: string, minimum: string): boolean {
  const [have, want] = [parseVersion(version), parseVersion(minimum)];
  if (!have || !want || have.numbers[0] !== want.numbers[0]) return false;
  for (let i = 1; i < 3; i++) {
    const difference = (have.numbers[i] ?? 0) - (want.numbers[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return !have.preRelease || want.preRelease;
}

function parseVersion(text: string): { numbers: number[]; preRelease: boolean } | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-\S+)?/.exec(text.trim());
  if (!match) return undefined;
  return { numbers: match.slice(1, 4).map(Number), preRelease: match[4] !== undefined };
}
