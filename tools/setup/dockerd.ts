import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDir } from "./cache.ts";
import type { Report } from "./report.ts";
import { allOnPath, run } from "./run.ts";

/** The Docker daemon that is installed here. Root's folders count even when PATH lacks them. */
export function findDockerd(): string | undefined {
  return allOnPath("dockerd", `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`)[0];
}

/**
 * Starts the installed Docker daemon, as root, and waits until `answers` says yes: by systemd where
 * it runs, otherwise (containers, rescue shells) as a process of its own that outlives this one and
 * writes to `dockerd.log` in the cache folder.
 */
export async function startDocker(answers: () => Promise<boolean>, report: Report): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    await run("systemctl", ["start", "docker"]);
    await waitFor(answers, () => undefined, "journalctl -u docker");
    return;
  }
  const flags: string[] = [];
  for (;;) {
    const log = await startDaemon(answers, flags);
    if (log === undefined) return;
    const fallback = fallbackFor(log, flags);
    if (!fallback) throw new Error(`Docker does not start. The end of its log:\n${log}`);
    report.say(`Docker does not start here (${fallback.reason}); trying ${fallback.flag}`);
    flags.push(fallback.flag);
  }
}

/** What a restricted environment, such as a container, refuses the daemon, and how it does without. */
const FALLBACKS = [
  { flag: "--iptables=false", reason: "it may not set up iptables", sign: /iptables|nftables/ },
  {
    flag: "--storage-driver=vfs",
    reason: "its file system cannot be stacked",
    sign: /graphdriver|overlay|storage.driver|snapshotter/,
  },
];

/** The next flag to try, read from the end of a failed daemon's log; none where nothing fits. */
export function fallbackFor(
  log: string,
  tried: readonly string[],
): { flag: string; reason: string } | undefined {
  const fatal = log.split("\n").filter((line) => /failed to start|level=fatal/.test(line));
  return FALLBACKS.find(
    ({ flag, sign }) => !tried.includes(flag) && sign.test((fatal.at(-1) ?? "").toLowerCase()),
  );
}

/** Answers once the daemon does; if it ends before that, with the last lines of its log. */
async function startDaemon(
  answers: () => Promise<boolean>,
  flags: string[],
): Promise<string | undefined> {
  const dockerd = findDockerd();
  if (!dockerd) throw new Error("The Docker daemon (dockerd) is not installed.");
  mkdirSync(cacheDir(), { recursive: true });
  const logFile = join(cacheDir(), "dockerd.log");
  const log = openSync(logFile, "w", 0o600);
  // `detached` gives it a session of its own, so that Ctrl-C here does not reach it.
  const daemon = spawn(dockerd, flags, { cwd: "/", detached: true, stdio: ["ignore", log, log] });
  daemon.unref();
  let ended = false;
  daemon.on("exit", () => (ended = true));
  daemon.on("error", () => (ended = true));

  const end = () => {
    if (!ended) return undefined;
    const text = readFileSync(logFile, "utf8").trim();
    // Somebody else has just started one: that is the one to wait for.
    if (/pid file found|process with PID \d+ is still running/.test(text)) return undefined;
    return text.split("\n").slice(-10).join("\n");
  };
  return waitFor(answers, end, logFile);
}

/** Waits until `answers`, or until `end` has something to tell; throws after a minute. */
async function waitFor(
  answers: () => Promise<boolean>,
  end: () => string | undefined,
  logs: string,
): Promise<string | undefined> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await answers()) return undefined;
    const told = end();
    if (told !== undefined) return told;
    await sleep(200);
  }
  throw new Error(`Docker was started and does not answer after 60 s. Its log: ${logs}`);
}
