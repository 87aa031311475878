import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const start = fileURLToPath(new URL("../../cli/start.mjs", import.meta.url));

/** A command line that prints its arguments, and then waits or exits as the first argument says. */
const CLI = `
const [command, ...args]: string[] = process.argv.slice(2);
if (command === "wait") {
  process.on("SIGTERM", () => process.exit(42));
  setTimeout(() => process.exit(1), 60_000);
} else process.exitCode = Number(command);
console.log(JSON.stringify({ command, args, path: process.env.PATH }));
`;
const PACKAGES = { "": {}, "node_modules/a": { integrity: "sha512-a" } };
const OPTIONAL = { "node_modules/b": { integrity: "sha512-b", optional: true } };

describe("start.mjs", () => {
  let root = "";
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "start-test-"));
    await mkdir(join(root, "cli"));
    await mkdir(join(root, "node_modules"));
    await cp(start, join(root, "cli", "start.mjs"));
    await writeFile(join(root, "cli", "main.ts"), CLI);
    await writeFile(join(root, ".node-version"), "24.21.0\n");
    // This npm always fails, which shows whether it was called.
    await writeFile(join(root, "npm"), "#!/bin/sh\necho no network >&2\nexit 1\n", { mode: 0o755 });
    await writeFile(
      join(root, "package-lock.json"),
      JSON.stringify({ packages: { ...PACKAGES, ...OPTIONAL } }),
    );
  });
  after(() => rm(root, { recursive: true }));

  const install = (packages: object) =>
    writeFile(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
  const launch = (...args: string[]) =>
    spawn(process.execPath, [join(root, "cli", "start.mjs"), ...args], {
      env: { ...process.env, PATH: `${root}:${process.env.PATH ?? ""}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
  const finish = async (child: ReturnType<typeof launch>) => {
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const [code] = (await once(child, "close")) as [number];
    return { code, stdout, stderr };
  };

  it("passes on arguments and exit code without output, with its Node first on PATH", async () => {
    await install(PACKAGES);
    const { code, stdout, stderr } = await finish(launch("7", "--stack", "x y"));
    assert.equal(stderr, "");
    assert.equal(code, 7);
    const seen = JSON.parse(stdout) as { command: string; args: string[]; path: string };
    assert.deepEqual([seen.command, seen.args], ["7", ["--stack", "x y"]]);
    assert.ok(seen.path.startsWith(`${dirname(process.execPath)}:`));
  });

  it("passes a signal on and ends with the command's exit code", async () => {
    await install({ ...PACKAGES, ...OPTIONAL });
    const child = launch("wait");
    child.stdout.once("data", () => child.kill("SIGTERM"));
    assert.equal((await finish(child)).code, 42);
  });

  for (const [what, packages] of [
    ["another version", { "": {}, "node_modules/a": { integrity: "sha512-old" } }],
    ["one too few", { "": {} }],
    ["one too many", { ...PACKAGES, "node_modules/c": { integrity: "sha512-c" } }],
  ] as const) {
    it(`installs packages when there is ${what}, and says why that failed`, async () => {
      await install(packages);
      const { code, stdout, stderr } = await finish(launch("0"));
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(
        stderr,
        /^Installing packages \(npm ci\) \.\.\.\n.* failed after .*\nnpm ci failed:\nno network\n$/,
      );
    });
  }
});
