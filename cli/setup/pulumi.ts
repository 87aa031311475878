import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import { unpackArchive } from "../../tools/archive.ts";
import checksums from "../../tools/checksums.json" with { type: "json" };
import {
  installed,
  installedBefore,
  type CachedTool,
  officialDownload,
} from "../../tools/download.ts";
import { ensureGo } from "../../tools/go.ts";
import type { Report } from "../../tools/report.ts";
import { allOnPath, run } from "../../tools/run.ts";
import { firstOf, isNewEnough } from "../../tools/sources.ts";

/** The version of the SDK: the Pulumi CLI to download, and the oldest one that is accepted. */
const PULUMI_VERSION = sdkVersion;

const TOOL: CachedTool = { folder: `pulumi-${PULUMI_VERSION}`, program: "bin/pulumi" };

/**
 * The path of a Pulumi CLI of major version 3, not older than {@link PULUMI_VERSION}. If this machine
 * has none, the CLI is downloaded into the cache folder, or built there if only the Go module proxy
 * is reachable.
 */
export async function ensurePulumi(report: Report): Promise<string> {
  return firstOf(`A Pulumi CLI ${PULUMI_VERSION} or newer`, [
    { name: "on PATH", find: findOnPath },
    installedBefore(TOOL),
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
          `Building the Pulumi CLI ${PULUMI_VERSION} (get.pulumi.com is not reachable)`,
          (update) => installed(TOOL, (dir) => build(go, dir, update)),
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
  const platform = `${process.platform}-${process.arch}`;
  const url = `https://get.pulumi.com/releases/sdk/pulumi-v${PULUMI_VERSION}-${platform}.tar.gz`;
  await unpackArchive(url, checksums.pulumi.archives, dir);
  await rename(join(dir, "pulumi"), join(dir, "bin"));
}

/**
 * Builds the CLI in a module of its own, because `go install <package>@<version>` refuses a module
 * with replace directives. The linker sets the version that `pulumi version` prints, which the
 * Automation API checks.
 */
async function build(go: string, dir: string, update: (detail: string) => void): Promise<void> {
  const source = join(dir, "source");
  await mkdir(source);
  await writeFile(join(source, "go.mod"), "module pulumi-cli\n");
  const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;
  const options = { cwd: source, env: { CGO_ENABLED: "0", GOWORK: "off" }, onLine: update };
  // Run this first because it downloads modules in parallel; a build downloads them one by one.
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
