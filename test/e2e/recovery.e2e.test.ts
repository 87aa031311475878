import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dockerClient, stackContainers } from "../../cli/stack/containers.ts";
import { freePort } from "../../tools/freePort.ts";
import { derivedImage, IMAGES, Lab, type Started, TEST_WITH } from "./lab.ts";

/** The smallest stack: no demo, Prometheus scrapes itself. */
async function smallStack(lab: Lab) {
  const settings = {
    targets: ["prometheus:9090"],
    prometheus: { image: IMAGES.prometheus, port: await freePort() },
    grafana: { image: IMAGES.grafana, port: await freePort() },
  };
  lab.configure(settings);
  return settings;
}

const NOTHING = { containers: [], volumes: [], networks: [] };

describe(`an up that is killed midway (with ${TEST_WITH} plugins and Grafana)`, () => {
  const lab = new Lab();
  before(() => smallStack(lab));
  after(() => lab.dispose());

  // Each kill hits a different phase: the servers' files, the servers, the contents of Grafana.
  for (const event of [
    "network",
    "container prometheus-config-holder",
    "container grafana-server",
  ]) {
    it(`after the creation of the ${event} is finished by the next up`, async () => {
      const started = lab.start("up");
      await started.prints(new RegExp(`^Create ${event} .*done`, "m"));
      await kill(started);
      const { code, output } = await lab.run("up");
      assert.equal(code, 0, output);
      assert.match(output, /Targets +vllm prometheus:9090 +up/);
      const running = (await stackContainers(lab.stack)).filter((one) => one.running);
      assert.deepEqual(running.map(({ component }) => component).sort(), ["grafana", "prometheus"]);
      const destroyed = await lab.run("destroy", ["--yes"]);
      assert.equal(destroyed.code, 0, destroyed.output);
      assert.deepEqual(await lab.leftovers(), NOTHING);
    });
  }
});

describe("an image that never becomes healthy", () => {
  const lab = new Lab();
  after(() => lab.dispose());

  it("fails with the container's last output, and reverting the image repairs the stack", async () => {
    const settings = await smallStack(lab);
    const first = await lab.run("up");
    assert.equal(first.code, 0, first.output);

    // It keeps running, since the hard case is a Grafana that runs but does not answer.
    const broken = await derivedImage(
      IMAGES.grafana,
      "grafana-broken",
      'ENTRYPOINT ["sh", "-c", "echo cannot open the database; sleep 3600"]',
    );
    lab.configure({ ...settings, grafana: { ...settings.grafana, image: broken } });
    const failed = await lab.run("up");
    assert.equal(failed.code, 1, failed.output);
    assert.match(
      failed.output,
      new RegExp(
        `The last lines of vllm-observability-${lab.stack}-grafana:\\n(.*\\n)* +cannot open the database`,
      ),
    );

    const refreshed = await lab.run("refresh");
    assert.equal(refreshed.code, 0, refreshed.output);
    assert.match(refreshed.output, /Grafana is not healthy.*npm run up/);

    lab.configure(settings);
    const repaired = await lab.run("up");
    assert.equal(repaired.code, 0, repaired.output);
    const grafana = (await stackContainers(lab.stack)).find((one) => one.component === "grafana");
    assert.equal(grafana?.healthy, true);
  });

  it("can be destroyed although its Grafana is dead", async () => {
    const grafana = (await stackContainers(lab.stack)).find((one) => one.component === "grafana");
    assert.ok(grafana);
    await dockerClient().getContainer(grafana.id).remove({ force: true });
    const { code, output } = await lab.run("destroy", ["--yes"]);
    assert.equal(code, 0, output);
    assert.deepEqual(await lab.leftovers(), NOTHING);
  });
});

describe("two stacks on one host", () => {
  const labs = [new Lab(), new Lab()] as const;
  after(() => Promise.all(labs.map((lab) => lab.dispose())));

  it("come up at the same time, and one survives the removal of the other", async () => {
    for (const lab of labs) await smallStack(lab);
    const ran = await Promise.all(labs.map((lab) => lab.run("up")));
    for (const { code, output } of ran) assert.equal(code, 0, output);
    const [first, second] = labs;
    const containers = await stackContainers(second.stack);

    const destroyed = await first.run("destroy", ["--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await first.leftovers(), NOTHING);
    assert.deepEqual(await stackContainers(second.stack), containers);
    const again = await second.run("up");
    assert.match(again.output, /^ {2}\d+ unchanged$/m);
    const end = await second.run("destroy", ["--yes"]);
    assert.equal(end.code, 0, end.output);
  });
});

/** Kills a command and all its child processes at once, like a power cut. */
async function kill({ child, ended }: Started): Promise<void> {
  assert.ok(child.pid);
  process.kill(-child.pid, "SIGKILL");
  await ended;
}
