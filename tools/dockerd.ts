import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDir } from "./cache.ts";
import type { Report } from "./report.ts";
import { allOnPath, run } from "./run.ts";

/** The path of the installed Docker daemon. Also searches root's folders, which PATH may lack. */
export function findDockerd(): string | undefined {
  return allOnPath("dockerd", `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`)[0];
}

/**
 * Starts the installed Docker daemon as root and waits until `answers` is true. If systemd runs, it
 * starts the daemon. Otherwise (containers, rescue shells) the daemon becomes a separate process that
 * outlives this one and writes to `dockerd.log` in the cache folder.
 */
export async function startDocker(answers: () => Promise<boolean>, report: Report): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    await run("systemctl", ["start", "docker"]);
    await waitFor(answers, () => undefined, "journalctl -u docker");
    return;
  }
  const flags: string[] = [];
  for (;;) {
    const failure = await startDaemon(answers, flags);
    if (failure === undefined) return;
    const fallback = fallbackFor(failure, flags);
    if (!fallback) throw new Error(`Docker does not start. Its log: ${failure}`);
    report.say(`Docker does not start (${fallback.reason}); trying ${fallback.flag}`);
    flags.push(fallback.flag);
  }
}

/** Flags for restricted environments, such as a container, by the error that shows the restriction. */
const FALLBACKS = [
  {
    flag: "--iptables=false",
    reason: "it is not allowed to configure iptables",
    sign: /iptables|nftables/,
  },
  {
    flag: "--storage-driver=vfs",
    reason: "its file system does not support overlays",
    sign: /graphdriver|overlay|storage.driver|snapshotter/,
  },
];

/** The next flag to try after a daemon's failure; undefined if no flag fits. */
export function fallbackFor(
  failure: string,
  tried: readonly string[],
): { flag: string; reason: string } | undefined {
  return FALLBACKS.find(
    ({ flag, sign }) => !tried.includes(flag) && sign.test(failure.toLowerCase()),
  );
}

/** The reason for a failure in a daemon's log: its last fatal line, or its last line if none is fatal. */
export function failureIn(log: string): string {
  const lines = log.trim().split("\n");
  return lines.findLast((line) => /failed to start|level=fatal/.test(line)) ?? lines.at(-1) ?? "";
}

/** Resolves once the daemon answers, or with the reason from its log if it ends before that. */
async function startDaemon(
  answers: () => Promise<boolean>,
  flags: string[],
): Promise<string | undefined> {
  const dockerd = findDockerd();
  if (!dockerd) throw new Error("The Docker daemon (dockerd) is not installed.");
  mkdirSync(cacheDir(), { recursive: true });
  const logFile = join(cacheDir(), "dockerd.log");
  const log = openSync(logFile, "w", 0o600);
  // `detached` gives the daemon its own session, so that Ctrl-C here does not reach it.
  const daemon = spawn(dockerd, flags, { cwd: "/", detached: true, stdio: ["ignore", log, log] });
  daemon.unref();
  let ended = false;
  daemon.on("exit", () => (ended = true));
  daemon.on("error", () => (ended = true));

  const end = () => {
    if (!ended) return undefined;
    const failure = failureIn(readFileSync(logFile, "utf8"));
    // Another process has just started a daemon: wait for that daemon.
    return /pid file found|PID \d+ is still running/.test(failure) ? undefined : failure;
  };
  return waitFor(answers, end, logFile);
}

/** Waits until `answers` is true, or until `end` returns a reason; throws after a minute. */
async function waitFor(
  answers: () => Promise<boolean>,
  end: () => string | undefined,
  logs: string,
): Promise<string | undefined> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await answers()) return undefined;
    const reason = end();
    if (reason !== undefined) return reason;
    await sleep(200);
  }
  throw new Error(`Docker was started but does not answer after 60 s. Its log: ${logs}`);
}
