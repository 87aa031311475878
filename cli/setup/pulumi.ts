import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import {
  fetched,
  fetchedBefore,
  type FetchedTool,
  officialDownload,
} from "../../tools/download.ts";
import { ensureGo } from "../../tools/go.ts";
import type { Report } from "../../tools/report.ts";
import { allOnPath, run } from "../../tools/run.ts";
import { firstOf, isNewEnough } from "../../tools/sources.ts";

/** The Pulumi CLI that is fetched, and the oldest that will do: the version of the SDK. */
const PULUMI_VERSION = sdkVersion;

const TOOL: FetchedTool = { folder: `pulumi-${PULUMI_VERSION}`, program: "bin/pulumi" };

/**
 * The path of a Pulumi CLI of major version 3, not older than {@link PULUMI_VERSION}. Where this
 * machine has none it is fetched into the cache folder, or built there where only the Go module
 * proxy can be reached.
 */
export async function ensurePulumi(report: Report): Promise<string> {
  return firstOf(`A Pulumi CLI ${PULUMI_VERSION} or newer`, [
    { name: "on PATH", find: findOnPath },
    fetchedBefore(TOOL),
    officialDownload(
      TOOL,
      { title: `the Pulumi CLI ${PULUMI_VERSION}`, host: "get.pulumi.com", download },
      report,
    ),
    {
      name: "built from its Go module",
      find: async () => {
        const go = await ensureGo(report);
        return report.step(
          `Building the Pulumi CLI ${PULUMI_VERSION} (get.pulumi.com cannot be reached)`,
          (update) => fetched(TOOL, (dir) => build(go, dir, update)),
        );
      },
    },
  ]);
}

async function findOnPath(): Promise<string | undefined> {
  for (const file of allOnPath("pulumi")) {
    const version = await run(file, ["version"], {
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    }).catch(() => "");
    if (isNewEnough(version, PULUMI_VERSION)) return file;
  }
  return undefined;
}

async function download(dir: string): Promise<void> {
  // Loaded here: the Automation API takes its time, and most runs need no download.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  await PulumiCommand.install({ root: dir }); // of the SDK's own version
}

/**
 * Builds the CLI in a module of its own: `go install <package>@<version>` refuses a module with
 * replace directives. The version set by the linker is what `pulumi version` says, which the
 * Automation API checks.
 */
async function build(go: string, dir: string, update: (detail: string) => void): Promise<void> {
  const source = join(dir, "source");
  await mkdir(source);
  await writeFile(join(source, "go.mod"), "module pulumi-cli\n");
  const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;
  const options = { cwd: source, env: { CGO_ENABLED: "0", GOWORK: "off" }, onLine: update };
  // First, since it downloads modules side by side; a build finds them missing one after the other.
  await run(go, ["get", "-tool", `${command}@v${PULUMI_VERSION}`], options);
  await run(
    go,
    [
      "build",
      "-v",
      "-trimpath",
      `-ldflags=-s -w -X ${version}`,
      `-o=${join(dir, "bin", "pulumi")}`,
      command,
    ],
    options,
  );
  await rm(source, { recursive: true });
}
