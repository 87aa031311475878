import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, describe, it } from "node:test";
import { backendEnvironment, backendFolder } from "../../../cli/stack/backend.ts";

describe("backendEnvironment", () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  after(() => {
    rmSync(home, { recursive: true });
  });
  const loggedInTo = (current: string) => {
    writeFileSync(join(home, "credentials.json"), JSON.stringify({ current }));
    return { PULUMI_HOME: home };
  };

  it("says what to do if the project's folder is not writable", () => {
    assert.throws(() => backendEnvironment({ PULUMI_HOME: home }, "/dev/null/project"), {
      message:
        "Cannot write /dev/null/project/.pulumi-state (ENOTDIR: not a directory, mkdir '/dev/null/project/.pulumi-state'): run the command as the owner of this folder, or set PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE.",
    });
  });

  it("respects a backend and a passphrase that are set", () => {
    const env = { PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "" };
    assert.deepEqual(backendEnvironment(env), { PULUMI_BACKEND_URL: "s3://state" });
  });

  it("respects a login to Pulumi Cloud, which needs no passphrase", () => {
    assert.deepEqual(backendEnvironment(loggedInTo("https://api.pulumi.com")), {
      PULUMI_BACKEND_URL: "https://api.pulumi.com",
    });
  });

  it("otherwise keeps the state in the project, with a passphrase that only its owner can read", () => {
    const env = loggedInTo("");
    const first = backendEnvironment(env, home);
    const file = join(home, ".pulumi-passphrase");
    assert.deepEqual(first, {
      PULUMI_BACKEND_URL: pathToFileURL(join(home, ".pulumi-state")).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: file,
    });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const passphrase = readFileSync(file, "utf8");
    assert.match(passphrase, /^[\w-]{32}\n$/);
    assert.deepEqual(backendEnvironment(env, home), first);
    assert.equal(readFileSync(file, "utf8"), passphrase);
  });

  it("returns the folder of a file backend, and none for other backends", () => {
    assert.equal(backendFolder("file:///a/b"), "/a/b/.pulumi");
    assert.equal(backendFolder("https://api.pulumi.com"), undefined);
  });

  it("generates no passphrase if one is given", () => {
    const env = { ...loggedInTo(""), PULUMI_CONFIG_PASSPHRASE_FILE: "/elsewhere" };
    assert.deepEqual(backendEnvironment(env, home), {
      PULUMI_BACKEND_URL: pathToFileURL(join(home, ".pulumi-state")).href,
    });
  });
});
