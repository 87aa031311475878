import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { dockerClient, stackContainers } from "../../cli/stack/containers.ts";
import { freePort } from "../../tools/freePort.ts";
import { type VllmStandIn, startVllmStandIn } from "../canary/standIn.ts";
import { assertConfined, assertPowerless } from "./confinement.ts";
import { IMAGES, Lab, TEST_WITH } from "./lab.ts";
import { bridgeAddress, until } from "./webhooks.ts";

const KEY = "a-key-of-the-servers";

describe(`a stack with a canary (with ${TEST_WITH} plugins)`, { concurrency: false }, () => {
  const lab = new Lab();
  let server: VllmStandIn;
  let prometheus: string;

  before(async () => {
    server = await startVllmStandIn(await bridgeAddress());
    server.engines = [{ engine: "0" }, { engine: "1" }];
    server.key = KEY;
    const port = await freePort();
    prometheus = `http://127.0.0.1:${port}`;
    const address = `host.docker.internal:${server.port}`;
    lab.configure({
      targets: [{ name: "vllm", addresses: [address], canary: { interval: "2s", timeout: "1s" } }],
      scrapeInterval: "1s",
      evaluationInterval: "1s",
      prometheus: { image: IMAGES.prometheus, port },
      grafana: { image: IMAGES.grafana, port: await freePort() },
      canary: { image: IMAGES.node },
    });
    const set = await lab.pulumi(
      ...["config", "set", "--secret", "--path"],
      ...["vllm-observability:targets[0].canary.apiKey", KEY],
    );
    assert.equal(set.code, 0, set.output);
    const up = await lab.run("up");
    assert.equal(up.code, 0, up.output);
  });

  after(async () => {
    await lab.dispose();
    await server.stop();
  });

  /** A query's values by the label `engine`; undefined while the query returns nothing. */
  async function ask(query: string): Promise<Record<string, string> | undefined> {
    const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as {
      data: { result: { metric: { engine: string }; value: [number, string] }[] };
    };
    const values = data.result.map(({ metric, value }) => [metric.engine, value[1]]);
    return values.length > 0 ? (Object.fromEntries(values) as Record<string, string>) : undefined;
  }

  /** Waits until a query returns these values. */
  async function see(query: string, expected: Record<string, string>): Promise<void> {
    await until(`${query} with ${JSON.stringify(expected)}`, 30, async () => {
      const found = await ask(query);
      return JSON.stringify(found) === JSON.stringify(expected);
    });
  }

  const instance = () => `instance="host.docker.internal:${server.port}"`;

  it("reports that each rank answers, with the job and instance of the server", async () => {
    await see(`vllm_canary_success{job="vllm",${instance()}}`, { 0: "1", 1: "1" });
    assert.ok(server.asked.some(({ rank }) => rank === "0"));
    assert.ok(server.asked.some(({ rank }) => rank === "1"));
  });

  it("detects the rank that hangs, and fires the alert only for that rank", async () => {
    server.behaviour = { 1: "hangs" };
    await see(`ALERTS{alertname="VllmCanaryFailing",alertstate="firing",${instance()}}`, {
      1: "1",
    });
    assert.deepEqual(await ask(`vllm_canary_success{${instance()}}`), { 0: "1", 1: "0" });
  });

  it("resolves the alert once the rank answers again", async () => {
    server.behaviour = {};
    await until("the end of the alert", 30, async () => {
      return (await ask('ALERTS{alertname="VllmCanaryFailing",alertstate="firing"}')) === undefined;
    });
  });

  it("is confined, and does not expose the key", async () => {
    const containers = await stackContainers(lab.stack);
    const inspect = async (component: string) => {
      const found = containers.find((one) => one.component === component);
      assert.ok(found, `no container ${component}`);
      return dockerClient().getContainer(found.id).inspect();
    };
    assertConfined("canary", await inspect("canary"));
    for (const component of ["canary-files", "canary-secrets"]) {
      const details = await inspect(component);
      assertPowerless(component, details);
      assert.doesNotMatch(JSON.stringify(details), new RegExp(KEY));
    }
    assert.doesNotMatch(JSON.stringify(await inspect("canary")), new RegExp(KEY));
    assert.doesNotMatch(readFileSync(lab.stateFile, "utf8"), new RegExp(KEY));
  });

  it("leaves nothing behind", async () => {
    const { code, output } = await lab.run("destroy", ["--yes"]);
    assert.equal(code, 0, output);
    assert.deepEqual(await lab.leftovers(), { containers: [], volumes: [], networks: [] });
  });
});
