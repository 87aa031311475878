import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { dockerPlugin as plugin } from "../../../../lab/kit/plugins/docker/index.ts";
import type { Properties } from "../../../../lab/kit/plugins/standIn.ts";
import { attach, type Attached, kept } from "./client.ts";
import { recordedResource, shape } from "./recordings.ts";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";
const IMAGE = "docker:index/remoteImage:RemoteImage";

const PREFIX = `plugins-test-${process.pid}`;
const TAG = `${PREFIX}:1`;
const BUSYBOX = ["/bin/busybox", "/usr/bin/busybox"].find((path) => existsSync(path));

describe(
  "docker",
  {
    skip: BUSYBOX === undefined && "no static busybox to make an image of: install busybox-static",
  },
  () => {
    const engine = new Docker();
    let attached: Attached;
    /** Ids of the created objects by type, newest first. */
    const made: [type: string, id: string][] = [];

    before(async () => {
      await importImage(engine, BUSYBOX ?? "");
      attached = await attach(plugin);
    });
    after(async () => {
      for (const [type, id] of made) await attached.delete(type, id, { removeVolumes: true });
      await attached.stop();
      await engine.getImage(TAG).remove();
    });

    const make = async (type: string, inputs: Properties) => {
      const { inputs: checked, failures } = await attached.check(type, inputs);
      assert.deepEqual(failures, []);
      const created = await attached.create(type, checked);
      made.unshift([type, created.id]);
      return { ...created, inputs: checked };
    };
    const changed = async (type: string, state: Properties, inputs: Properties) => {
      const { inputs: checked } = await attached.check(type, inputs);
      return (await attached.diff(type, state, checked)).changed;
    };
    const readFile = async (container: string, path: string) => {
      const archive = await engine.getContainer(container).getArchive({ path });
      const parts: Buffer[] = [];
      for await (const part of archive) parts.push(part as Buffer);
      return Buffer.concat(parts);
    };

    const web = (name: string, more: Properties = {}): Properties => ({
      name: `${PREFIX}-${name}`,
      image: TAG,
      command: ["/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"],
      user: "65534:65534",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
      tmpfs: { "/tmp": "size=1m" },
      memory: 16,
      memorySwap: 16,
      restart: "unless-stopped",
      labels: [{ label: "a", value: "b" }],
      healthcheck: {
        tests: ["CMD", "/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/file"],
        interval: "1s",
        timeout: "2s",
        retries: 3,
      },
      wait: true,
      waitTimeout: 30,
      ...more,
    });

    let holder: Awaited<ReturnType<typeof make>>;
    let server: Awaited<ReturnType<typeof make>>;

    test("a network and a volume have the recorded shape, and a refresh finds no change", async () => {
      const cases: [string, string][] = [
        [NETWORK, "net"],
        [VOLUME, "prom-data"],
      ];
      for (const [type, name] of cases) {
        const { id, inputs, state } = await make(type, { name: `${PREFIX}-${name}` });
        assert.deepEqual(shape(state), shape(recordedResource(name).outputs));
        const read = await attached.read(type, id, state, inputs);
        assert.deepEqual(read, { id, state, inputs });
        assert.deepEqual(await changed(type, read.state, inputs), []);
      }
    });

    test("a file uploaded to a container that never starts ends up in its volume", async () => {
      await make(VOLUME, { name: `${PREFIX}-files` });
      holder = await make(CONTAINER, {
        name: `${PREFIX}-holder`,
        image: TAG,
        start: false,
        mustRun: false,
        networkMode: "none",
        volumes: [{ volumeName: `${PREFIX}-files`, containerPath: "/www" }],
        uploads: [{ file: "/www/file", content: "grüße", permissions: "0444" }],
      });
      const expected = shape(recordedResource("prom-conf-holder").outputs) as Properties;
      const actual = shape(holder.state) as Properties;
      // This image has a command, while the recorded one has an entry point.
      assert.deepEqual({ ...actual, command: [], entrypoints: ["string"] }, expected);
      const archive = await readFile(holder.id, "/www/file");
      assert.equal(archive.toString("utf8", 512, 512 + 7), "grüße");
      assert.equal(archive.toString("utf8", 100, 107), "0100444");
    });

    test("a server's creation waits until it is healthy, its state has the recorded shape, and a refresh finds no change", async () => {
      server = await make(
        CONTAINER,
        web("server", {
          networkMode: "bridge",
          networksAdvanced: [{ name: `${PREFIX}-net`, aliases: ["web"] }],
          ports: [{ internal: 8080, external: 0, ip: "127.0.0.1" }],
          hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
          volumes: [{ volumeName: `${PREFIX}-files`, containerPath: "/www", readOnly: true }],
        }),
      );
      const expected = shape(recordedResource("prom").outputs) as Properties;
      const actual = shape(server.state) as Properties;
      const differently = {
        entrypoints: [],
        labels: [{ label: "string", value: "string" }],
        tmpfs: { "/tmp": "string" },
      };
      assert.deepEqual(actual, { ...expected, ...differently });
      const container = await engine.getContainer(server.id).inspect();
      assert.equal(container.State.Health?.Status, "healthy");
      assert.deepEqual(container.HostConfig.CapDrop, ["ALL"]);
      assert.equal(container.HostConfig.ReadonlyRootfs, true);
      assert.equal(container.HostConfig.Memory, 16 * 1024 * 1024);
      assert.deepEqual(Object.keys(container.NetworkSettings.Networks), [`${PREFIX}-net`]);
      const [port] = server.state.ports as { external: number }[];
      assert.ok(port !== undefined && port.external > 0);
      const page = await fetch(`http://127.0.0.1:${port.external}/file`);
      assert.equal(await page.text(), "grüße");
      server.inputs.ports = server.state.ports;
      const read = await attached.read(CONTAINER, server.id, server.state, server.inputs);
      assert.deepEqual(read, { id: server.id, state: server.state, inputs: server.inputs });
    });

    test("a changed health check is planned as an update, but the container keeps the old one", async () => {
      const healthcheck = { ...(server.inputs.healthcheck as Properties), interval: "1m30s" };
      const inputs = { ...server.inputs, healthcheck };
      assert.deepEqual(await changed(CONTAINER, server.state, inputs), ["healthcheck"]);
      const state = await attached.update(CONTAINER, server.id, server.state, inputs);
      assert.deepEqual(await changed(CONTAINER, state, inputs), []);
      const { Config: config } = await engine.getContainer(server.id).inspect();
      assert.equal(config.Healthcheck?.Interval, 1e9);
      const read = await attached.read(CONTAINER, server.id, state, inputs);
      assert.deepEqual(await changed(CONTAINER, read.state, inputs), ["healthcheck"]);
    });

    test("changed memory limits and restart policy are applied to the running container", async () => {
      const inputs = { ...server.inputs, memory: 32, memorySwap: 32, restart: "always" };
      const state = await attached.update(CONTAINER, server.id, server.state, inputs);
      assert.deepEqual(await changed(CONTAINER, state, inputs), []);
      const { HostConfig: host } = await engine.getContainer(server.id).inspect();
      assert.equal(host.Memory, 32 * 1024 * 1024);
      assert.equal(host.MemorySwap, 32 * 1024 * 1024);
      assert.equal(host.RestartPolicy?.Name, "always");
      server = { ...server, inputs, state };
    });

    test("a refresh notices a stopped container: a replacement is planned as it publishes ports, and an update starts it again", async () => {
      await engine.getContainer(server.id).stop({ t: 0 });
      const stopped = await attached.read(CONTAINER, server.id, server.state, server.inputs);
      assert.equal(stopped.inputs.mustRun, false);
      const planned = await attached.diff(CONTAINER, stopped.state, server.inputs);
      assert.deepEqual(planned.changed.sort(), ["mustRun", "ports"]);
      assert.deepEqual(planned.replaces, ["ports"]);
      await attached.update(CONTAINER, server.id, stopped.state, server.inputs);
      assert.equal((await engine.getContainer(server.id).inspect()).State.Running, true);
    });

    test("creating a container that never gets healthy fails, but the container keeps running and its state is kept", async () => {
      const inputs = { command: ["/busybox", "sleep", "60"], waitTimeout: 1 };
      const error: unknown = await attached.create(CONTAINER, web("sick", inputs)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const { id, reasons, state } = kept(error);
      made.unshift([CONTAINER, id]);
      assert.deepEqual(reasons, [
        "creating urn:it: 1 error occurred:\n\t* container failed to be in healthy state\n\n",
      ]);
      assert.equal(state.name, `${PREFIX}-sick`);
      assert.equal((await engine.getContainer(id).inspect()).State.Running, true);
    });

    test("an upload into a read-only root file system fails with Docker's error", async () => {
      const inputs = { uploads: [{ file: "/file", content: "x" }], wait: false };
      const error: unknown = await attached.create(CONTAINER, web("full", inputs)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const { id, reasons } = kept(error);
      made.unshift([CONTAINER, id]);
      assert.match(
        String(reasons[0]),
        /Unable to upload volume content: Error response from daemon/,
      );
    });

    test("a container name that is already in use fails with Docker's conflict error", async () => {
      await assert.rejects(
        attached.create(CONTAINER, { ...holder.inputs, name: `${PREFIX}-server` }),
        /Unable to create container: Error response from daemon: Conflict\. The container name/,
      );
    });

    test("a local image is used as it is, and is kept when its resource is deleted", async () => {
      const { Id: imageId } = await engine.getImage(TAG).inspect();
      const image = await attached.create(IMAGE, { name: TAG, keepLocally: true });
      assert.equal(image.id, imageId + TAG);
      assert.equal(image.state.imageId, imageId);
      assert.equal(image.state.repoDigest, "");
      await attached.delete(IMAGE, image.id, image.state);
      assert.equal((await engine.getImage(TAG).inspect()).Id, imageId);
    });

    test("an image that cannot be pulled fails with the pull error", async () => {
      const name = "127.0.0.1:1/none:1";
      await assert.rejects(
        attached.create(IMAGE, { name }),
        /Unable to read Docker image into resource: unable to pull image 127.0.0.1:1\/none:1: error pulling image .*: Error response from daemon: Get/,
      );
    });

    test("a container with attach and logs runs to its end, and its exit code and output are in the state", async () => {
      const { state } = await make(CONTAINER, {
        name: `${PREFIX}-once`,
        image: TAG,
        command: ["/busybox", "sh", "-c", "echo out; echo err >&2; exit 3"],
        networkMode: "none",
        attach: true,
        logs: true,
        mustRun: false,
      });
      assert.equal(state.exitCode, 3);
      assert.deepEqual(String(state.containerLogs).trim().split("\n").sort(), ["err", "out"]);
    });

    test("a refresh finds that an object is gone, and deleting it succeeds all the same", async () => {
      await engine.getContainer(holder.id).remove({ force: true });
      const gone = { id: "", state: {}, inputs: {} };
      assert.deepEqual(await attached.read(CONTAINER, holder.id, holder.state), gone);
      await attached.delete(CONTAINER, holder.id, holder.state);
      for (const type of [NETWORK, VOLUME]) {
        assert.deepEqual(await attached.read(type, `${PREFIX}-none`, {}), gone);
        await attached.delete(type, `${PREFIX}-none`);
      }
    });

    test("deleting a volume in use waits until the volume is free", async () => {
      const { id } = await make(VOLUME, { name: `${PREFIX}-busy` });
      const user = await make(CONTAINER, {
        name: `${PREFIX}-user`,
        image: TAG,
        start: false,
        mustRun: false,
        volumes: [{ volumeName: id, containerPath: "/data" }],
      });
      const deleted = attached.delete(VOLUME, id);
      await setTimeout(300);
      await attached.delete(CONTAINER, user.id, user.state);
      await deleted;
      assert.equal((await attached.read(VOLUME, id, {})).id, "");
    });
  },
);

/** An image with a single file, since no other image is certain to exist. */
async function importImage(engine: Docker, busybox: string): Promise<void> {
  const archive = pack();
  archive.entry({ name: "busybox", mode: 0o755 }, readFileSync(busybox));
  archive.entry({ name: "tmp", type: "directory", mode: 0o1777 });
  archive.finalize();
  const [repo, tag] = TAG.split(":");
  const changes = 'CMD ["/busybox","sleep","60"]';

  const progress = await engine.importImage(Readable.from(archive), { repo, tag, changes });
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(progress, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
