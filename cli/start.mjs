/**
 * The entry of every `npm run` command: `node cli/start.mjs <command> [args...]`.
 *
 * This file runs on Node 20 or later and needs no packages. It finds or downloads a Node that runs
 * TypeScript, installs the packages of the lock file if node_modules differs from it, and runs
 * `cli/main.ts`. It prints only what it downloads or installs, to standard error.
 */
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { constants, homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The first release of the oldest release line that runs TypeScript without a flag. */
const MINIMUM = [22, 18];

// npm treats options before the -- as its own and drops them silently.
if (process.env.npm_config_stack !== undefined) {
  const command = process.argv[2] ?? "up";
  console.error(`Options come after --, as in: npm run ${command} -- --stack NAME`);
  process.exit(1);
}

try {
  const node = await findNode();
  const env = {
    // Node's own requests then behave like curl's: they use the proxy from the environment and trust
    // the machine's certificates. Node versions that do not know these variables ignore them.
    NODE_USE_ENV_PROXY: "1",
    NODE_USE_SYSTEM_CA: "1",
    // Code is compiled once for all commands and the program they run. This makes a command start
    // a third faster.
    NODE_COMPILE_CACHE: join(cacheDir(), "compiled"),
    ...process.env,
    PATH: [dirname(node), process.env.PATH].join(delimiter),
  };
  if (!packagesInStep()) await step("Installing packages (npm ci)", () => installPackages(env));
  handOver(node, env);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** A Node that is new enough: the running one, one on PATH, or one downloaded earlier or now. */
async function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;

  for (const dir of (process.env.PATH ?? "").split(delimiter).filter(isAbsolute)) {
    const node = join(dir, "node");
    if (existsSync(node) && isNewEnough(await versionOf(node))) return node;
  }

  const version = readFileSync(join(root, ".node-version"), "utf8").trim();
  const place = join(cacheDir(), `node-${version}`);
  const node = join(place, "bin", "node");
  if (existsSync(node)) return node;

  await step(
    `Downloading Node ${version} (the running Node is ${process.versions.node})`,
    async () => {
      await mkdir(cacheDir(), { recursive: true });
      const dir = await mkdtemp(join(cacheDir(), ".new-"));
      try {
        const fetched = await fetchNode(version, dir);
        // Discard a binary that does not start here, for example because of a different C library.
        await run(join(fetched, "bin", "node"), ["--version"]);
        await rename(fetched, place);
      } catch (error) {
        // Another process may have downloaded it in the meantime.
        if (!existsSync(node)) throw error;
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
  );
  return node;
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

async function versionOf(node) {
  try {
    return (await run(node, ["--version"])).stdout.trim().replace(/^v/, "");
  } catch {
    return "";
  }
}

/** Same as `cacheDir` in tools/cache.ts. This file must run on Node 20, so it cannot import that one. */
function cacheDir() {
  const { XDG_CACHE_HOME, HOME = homedir() } = process.env;
  const base = XDG_CACHE_HOME?.startsWith("/") ? XDG_CACHE_HOME : join(HOME, ".cache");
  return join(base, "vllm-observability");
}

/** Downloads Node into the empty folder `dir`; returns the folder in it that holds `bin/node`. */
async function fetchNode(version, dir) {
  const platform = `${process.platform}-${process.arch}`;
  const reasons = [];
  for (const [where, source] of [
    ["nodejs.org", officialNode],
    ["npm registry", registryNode],
  ]) {
    try {
      return await source(version, platform, dir);
    } catch (error) {
      reasons.push(`${where}: ${error.cause?.message ?? error.stderr ?? error.message}`);
    }
  }
  throw new Error(
    `Node ${MINIMUM.join(".")} or newer is required, and ${version} could not be downloaded. ` +
      `Install it (https://nodejs.org), then re-run.\n  ${reasons.join("\n  ")}`,
  );
}

/** The official archive. */
async function officialNode(version, platform, dir) {
  const expected = nodeChecksum("archives", version, platform);
  const name = `node-v${version}-${platform}`;
  const archive = `${name}.tar.gz`;
  const url = `https://nodejs.org/dist/v${version}/${archive}`;
  if (!(await answers(url))) throw new Error(`${url} cannot be reached`);

  const response = await fetch(url, { signal: AbortSignal.timeout(600_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual !== expected) throw new Error(`the checksum of ${archive} is ${actual}`);

  await writeFile(join(dir, archive), bytes);
  await run("tar", ["-xzf", archive], { cwd: dir });
  return join(dir, name);
}

/** Whether the server answers within 5 s. Without this limit, dropped packets would cost 10 minutes. */
async function answers(url) {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}

/** The platform's package in the npm registry (Linux on x64 and arm64). */
async function registryNode(version, platform, dir) {
  const integrity = nodeChecksum("packages", version, platform);
  const name = `node-${platform}`;
  const dependencies = { [name]: version };
  const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  await writeFile(join(dir, "package.json"), JSON.stringify({ dependencies }));
  await writeFile(
    join(dir, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
  await npm(["ci", "--prefix", dir], process.env);
  return join(dir, "node_modules", name);
}

/** The checksum recorded in this project: a server must not vouch for its own files. */
function nodeChecksum(kind, version, platform) {
  const { node } = JSON.parse(readFileSync(join(root, "tools", "checksums.json"), "utf8"));
  const checksum = node.version === version ? node[kind][platform] : undefined;
  if (!checksum) throw new Error(`no checksum is known for ${version} on ${platform}`);
  return checksum;
}

/** Whether node_modules holds exactly the packages of the lock file; optional ones may be missing. */
function packagesInStep() {
  try {
    const wanted = packagesOf("package-lock.json");
    const present = packagesOf("node_modules/.package-lock.json");
    return (
      Object.keys(present).every((path) => path in wanted) &&
      Object.entries(wanted).every(([path, { integrity, optional }]) =>
        path in present ? present[path].integrity === integrity : path === "" || optional,
      )
    );
  } catch {
    return false;
  }
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(join(root, lockFile), "utf8")).packages;
}

async function installPackages(env) {
  await npm(["ci", "--include=dev"], env);
}

/** Runs npm quietly, without install scripts: they only build optional speed-ups. */
async function npm(args, env) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await run("npm", [...args, ...quiet], { cwd: root, env, maxBuffer: 64 << 20 });
  } catch (error) {
    const output = `${error.stdout ?? ""}${error.stderr ?? ""}`.trim() || error.message;
    throw new Error(`npm ${args[0]} failed:\n${output}`);
  }
}

/** Prints a line before and after slow work. */
async function step(title, work) {
  const started = performance.now();
  console.error(`${title} ...`);
  const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    await work();
    console.error(`${title} ... done in ${took()}`);
  } catch (error) {
    console.error(`${title} ... failed after ${took()}`);
    throw error;
  }
}

/** Runs the command line with the same terminal, signals and exit code. */
function handOver(node, env) {
  const child = spawn(
    node,
    [
      "--disable-warning=ExperimentalWarning",
      join(root, "cli", "main.ts"),
      ...process.argv.slice(2),
    ],
    { stdio: "inherit", env },
  );
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // On a terminal, Ctrl-C has already reached the child. A second SIGINT would end it at once.
      if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`${node} does not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}
