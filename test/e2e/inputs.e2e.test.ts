import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { after, before, describe, it } from "node:test";
import { runtime } from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/index.js";
import program from "../../index.ts";
import { startKit, type Kit } from "../../lab/kit/index.ts";
import { PROJECT } from "../../settings.ts";
import { dockerClient, stackContainers } from "../../cli/stack/containers.ts";
import { ROOT } from "../../tools/project.ts";
import { ensurePulumi } from "../../cli/setup/pulumi.ts";
import { createReport } from "../../tools/report.ts";
import { freePort } from "../../tools/freePort.ts";
import { IMAGES, Lab, TEST_WITH } from "./lab.ts";

/**
 * What the program guarantees for inputs that no setting controls today but that a later version may
 * change. The test changes these inputs before they reach the engine.
 */
describe(`inputs that a later version may change (with ${TEST_WITH} plugins and Grafana)`, () => {
  const lab = new Lab();
  let kit: Kit | undefined;
  before(async () => {
    const report = createReport();
    const cli = await ensurePulumi(report);
    process.env.PATH = [dirname(cli), process.env.PATH].join(delimiter);
    if (TEST_WITH === "kit") kit = await startKit(Object.values(IMAGES), report);
    lab.configure({
      targets: ["prometheus:9090"],
      prometheus: { image: IMAGES.prometheus, port: await freePort() },
      grafana: { image: IMAGES.grafana, port: await freePort() },
    });
    await (await stack(none)).up();
  });
  after(async () => {
    try {
      await (await stack(none)).destroy();
    } finally {
      await kit?.stop();
      await lab.dispose();
    }
  });

  /** Returns the changed inputs, or undefined for a resource that stays as it is. */
  type Change = (
    type: string,
    inputs: Record<string, unknown>,
  ) => Record<string, unknown> | undefined;
  const none: Change = () => undefined;

  /** The stack of a program whose inputs are changed before they reach the engine. */
  function stack(change: Change): Promise<automation.Stack> {
    return automation.LocalWorkspace.createOrSelectStack(
      {
        stackName: lab.stack,
        projectName: PROJECT,
        program: () => {
          runtime.registerResourceTransform(({ type, props, opts }) => {
            const changed = change(type, props);
            return changed === undefined ? undefined : { props: changed, opts };
          });
          return Promise.resolve(program());
        },
      },
      { workDir: ROOT, envVars: { ...lab.env, ...kit?.env } },
    );
  }

  it("changes to the settings of the password and of data volumes are ignored", async () => {
    const changed = await stack((type, inputs) => {
      if (type === "random:index/randomPassword:RandomPassword") return { ...inputs, length: 48 };
      if (type === "docker:index/volume:Volume" && String(inputs.name).endsWith("-data")) {
        return { ...inputs, labels: [{ label: "a", value: "b" }] };
      }
      return undefined;
    });
    const { changeSummary } = await changed.preview();
    assert.deepEqual(Object.keys(changeSummary), ["same"]);
  });

  it("a changed health check reaches the container", async () => {
    const changed = await stack((type, inputs) =>
      type === "docker:index/container:Container" && inputs.healthcheck !== undefined
        ? { ...inputs, healthcheck: { ...(inputs.healthcheck as object), interval: "3s" } }
        : undefined,
    );
    await changed.up();
    for (const { id, component } of await stackContainers(lab.stack)) {
      if (!["prometheus", "grafana"].includes(component)) continue;
      const { Config } = await dockerClient().getContainer(id).inspect();
      assert.equal(Config.Healthcheck?.Interval, 3_000_000_000, component);
    }
  });
});
