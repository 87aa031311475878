import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { cached } from "../../../tools/cache.ts";
import { ensureGo } from "../../../tools/go.ts";
import type { Report } from "../../../tools/report.ts";
import { run } from "../../../tools/run.ts";

/** Commands of one released Go module, and how to build them. */
export interface GoPrograms {
  /** Display name with the version: "Prometheus 3.13.3". */
  title: string;
  module: string;
  /** Version of the module, as the Go module proxy knows it. */
  version: string;
  /** Checksum of the module (`h1:…`); its own go.sum has the checksums of its dependencies. */
  sum: string;
  /** Packages of the commands, relative to the module: `./cmd/promtool`. */
  commands: string[];
  tags: string[];
  /** Values of string variables, set by the linker. */
  variables: Record<string, string>;
  /** Files that the release contains but the module lacks, by path in the module. */
  missingFiles?: Record<string, string>;
}

/**
 * Builds the commands, static and without debug information, exactly as the module's own go.mod
 * says. Returns the folder that contains them. It is in the user's cache folder, where the same
 * recipe finds it again.
 */
export async function ensureGoPrograms(programs: GoPrograms, report: Report): Promise<string> {
  const recipe = createHash("sha256").update(JSON.stringify(programs)).digest("hex").slice(0, 8);
  const name = `${basename(programs.module)}-${programs.version}-${recipe}`;
  return cached(name, async (dir) => {
    const go = await ensureGo(report);
    await report.step(`Building ${programs.title} from its Go module`, async (update) => {
      update("fetching the module");
      const source = await fetchModule(go, programs);
      await build(go, programs, source, dir, update);
    });
  });
}

async function fetchModule(go: string, { module, version, sum }: GoPrograms): Promise<string> {
  const answer = await run(go, ["mod", "download", "-json", `${module}@${version}`], {
    cwd: tmpdir(),
  });
  const fetched = JSON.parse(answer) as { Dir: string; Sum: string };
  if (fetched.Sum !== sum) {
    throw new Error(`${module}@${version} has the checksum ${fetched.Sum}, not ${sum}.`);
  }
  return fetched.Dir;
}

async function build(
  go: string,
  programs: GoPrograms,
  source: string,
  dir: string,
  update: (detail: string) => void,
): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "vllm-observability-"));
  try {
    // Go keeps modules read-only and does not allow files to be added to them.
    await cp(source, copy, { recursive: true });
    await run("chmod", ["-R", "u+w", copy]);
    for (const [path, content] of Object.entries(programs.missingFiles ?? {})) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), content);
    }

    let compiled = 0;
    await run(
      go,
      [
        "build",
        // Prints each package as it is compiled: the command has no other progress output.
        "-v",
        "-mod=readonly",
        "-trimpath",
        `-tags=${programs.tags.join(",")}`,
        `-ldflags=${linkerFlags(programs.variables)}`,
        `-o=${dir}/`,
        ...programs.commands,
      ],
      {
        cwd: copy,
        env: { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
        onLine: (line) => {
          update(line.startsWith("go: ") ? line.slice(4) : `${++compiled} packages compiled`);
        },
      },
    );
  } finally {
    await rm(copy, { recursive: true });
  }
}

function linkerFlags(variables: Record<string, string>): string {
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ["-s", "-w", ...settings].join(" ");
}
