import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Failure } from "../../tools/failure.ts";
import { dockerAddress, reasonAgainstStarting } from "../../tools/docker.ts";
import { failureIn, fallbackFor } from "../../tools/dockerd.ts";

describe("dockerAddress", () => {
  let HOME = "";
  before(async () => {
    HOME = await mkdtemp(join(tmpdir(), "docker-test-"));
    const id = createHash("sha256").update("desktop").digest("hex");
    const meta = join(HOME, ".docker", "contexts", "meta", id);
    await mkdir(meta, { recursive: true });
    await writeFile(join(HOME, ".docker", "config.json"), '{ "currentContext": "desktop" }');
    await writeFile(
      join(meta, "meta.json"),
      '{ "Name": "desktop", "Endpoints": { "docker": { "Host": "unix:///d.sock" } } }',
    );
  });
  after(() => rm(HOME, { recursive: true }));

  it("is DOCKER_HOST if set", () => {
    assert.equal(dockerAddress({ HOME, DOCKER_HOST: "tcp://a:2375" }), "tcp://a:2375");
  });
  it("is otherwise the address of the current context", () => {
    assert.equal(dockerAddress({ HOME }), "unix:///d.sock");
  });
  it("is the default socket for the context `default`, or without configuration", () => {
    assert.equal(dockerAddress({ HOME, DOCKER_CONTEXT: "default" }), "unix:///var/run/docker.sock");
    assert.equal(dockerAddress({ HOME: "/nowhere" }), "unix:///var/run/docker.sock");
  });
  it("rejects a context that does not exist", () => {
    assert.throws(
      () => dockerAddress({ HOME, DOCKER_CONTEXT: "gone" }),
      new Failure('The Docker context "gone" does not exist. Choose another: docker context ls'),
    );
  });
});

describe("reasonAgainstStarting", () => {
  const socket = "unix:///var/run/docker.sock";
  const missing = Object.assign(new Error("connect ENOENT"), { code: "ENOENT" });
  const denied = Object.assign(new Error("connect EACCES"), { code: "EACCES" });
  const machine = (root: boolean, dockerd: boolean, installable: boolean) => ({
    root,
    dockerd,
    installable,
  });

  it("is undefined if root can start or install Docker", () => {
    assert.equal(reasonAgainstStarting(socket, missing, machine(true, true, false)), undefined);
    assert.equal(reasonAgainstStarting(socket, missing, machine(true, false, true)), undefined);
  });
  it("never allows starting a remote engine", () => {
    assert.equal(
      reasonAgainstStarting("tcp://a:2375", missing, machine(true, true, true)),
      "Docker does not answer at tcp://a:2375 (connect ENOENT). Start it, or choose another: DOCKER_HOST, docker context",
    );
  });
  it("says how to get permission to use Docker", () => {
    assert.match(
      reasonAgainstStarting(socket, denied, machine(false, true, false)) ?? "",
      /^This user may not use Docker \(.*sudo usermod -aG docker \$USER/,
    );
  });
  it("says how to start Docker, or where to download it", () => {
    assert.match(
      reasonAgainstStarting(socket, missing, machine(false, true, false)) ?? "",
      /only root may start it: sudo systemctl start docker$/,
    );
    assert.match(
      reasonAgainstStarting(socket, missing, machine(false, false, false)) ?? "",
      /Install Docker \(https:/,
    );
    assert.match(
      reasonAgainstStarting(socket, missing, machine(true, false, false)) ?? "",
      /Install Docker \(https:/,
    );
  });
});

describe("fallbackFor", () => {
  const iptables =
    "failed to start daemon: Error initializing network controller: error obtaining controller instance: failed to create NAT chain DOCKER: iptables failed: iptables -t nat -N DOCKER: Permission denied";
  const overlay =
    'failed to start daemon: error initializing graphdriver: failed to mount overlay: operation not permitted storage-driver=overlay2: "overlay2"';

  it("disables iptables and overlay file systems, once each", () => {
    assert.equal(fallbackFor(iptables, [])?.flag, "--iptables=false");
    assert.equal(fallbackFor(overlay, ["--iptables=false"])?.flag, "--storage-driver=vfs");
    assert.equal(fallbackFor(iptables, ["--iptables=false"]), undefined);
  });
  it("returns none for other failures", () => {
    assert.equal(
      fallbackFor("failed to start daemon: Devices cgroup isn't mounted", []),
      undefined,
    );
    assert.equal(fallbackFor("", []), undefined);
  });
});

describe("failureIn", () => {
  it("is the fatal line, not the warnings before it or the lines after it", () => {
    const fatal = "failed to start daemon: Devices cgroup isn't mounted";
    const log = `level=warning msg="overlay: xattr"\n${fatal}\nlevel=info msg="iptables"\n`;
    assert.equal(failureIn(log), fatal);
  });
  it("is the last line of a log without a fatal line", () => {
    assert.equal(failureIn("unknown flag: --x\nSee 'dockerd --help'.\n"), "See 'dockerd --help'.");
    assert.equal(failureIn(""), "");
  });
});
