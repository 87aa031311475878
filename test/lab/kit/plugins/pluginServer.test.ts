import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { dockerPlugin } from "../../../../lab/kit/plugins/docker/index.ts";
import {
  isDuration,
  durationText,
  nanoseconds,
} from "../../../../lab/kit/plugins/docker/durations.ts";
import { startPlugins } from "../../../../lab/kit/plugins/index.ts";
import { attach, type Attached } from "./client.ts";
import { recordedResource, withoutNotes } from "./recordings.ts";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";

describe("check", () => {
  let plugin: Attached;
  before(async () => {
    plugin = await attach(dockerPlugin);
  });
  after(() => plugin.stop());

  test("rejects inputs that the stand-in does not support, and names them, nested ones too", async () => {
    const { failures } = await plugin.check(CONTAINER, {
      name: "a",
      image: "b",
      cpus: "2",
      ports: [{ internal: 1, hostname: "x" }],
    });
    const reason = (name: string) => `the offline kit's stand-in knows no input ${name}`;
    assert.deepEqual(failures, [
      { property: "ports.0.hostname", reason: reason("ports.0.hostname") },
      { property: "cpus", reason: reason("cpus") },
    ]);
  });

  test("rejects invalid values", async () => {
    const inputs = { name: "a", image: "b", restart: "sometimes", memory: -1 };
    const { failures } = await plugin.check(CONTAINER, inputs);
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["memory", "restart"],
    );
  });

  test("adds the defaults that the real provider adds", async () => {
    const { inputs } = recordedResource("prom-conf-holder");
    const defaults = inputs.__defaults as string[];
    const given = Object.entries(inputs).filter(([name]) => !defaults.includes(name));
    const { inputs: checked } = await plugin.check(CONTAINER, Object.fromEntries(given));
    assert.deepEqual(checked, withoutNotes(inputs));
  });

  test("accepts inputs whose values are not known yet, but still checks the others", async () => {
    const given = { name: "a", image: unknownValue, memory: unknownValue, labels: unknownValue };
    assert.deepEqual((await plugin.check(CONTAINER, given)).failures, []);
    assert.equal((await plugin.check(CONTAINER, { ...given, restart: "x" })).failures.length, 1);
  });

  test("previewing a creation returns the inputs, and marks what Docker decides as unknown", async () => {
    const { id, state } = await plugin.create(NETWORK, { name: "a" }, true);
    assert.equal(id, "");
    assert.equal(state.name, "a");
    assert.equal(state.driver, unknownValue);
    assert.equal(state.scope, unknownValue);
  });

  test("creating a resource type without a stand-in fails with the type's name", async () => {
    const type = "docker:index/service:Service";
    await assert.rejects(plugin.create(type, {}), {
      details: `the offline kit's docker plugin has no stand-in for ${type}`,
    });
  });
});

test("PULUMI_DEBUG_PROVIDERS names a port for each plugin", async () => {
  const plugins = await startPlugins();
  await plugins.stop();
  assert.deepEqual(Object.keys(plugins.env), ["PULUMI_DEBUG_PROVIDERS"]);
  assert.match(
    plugins.env.PULUMI_DEBUG_PROVIDERS ?? "",
    /^docker:[1-9]\d*,random:[1-9]\d*,grafana:[1-9]\d*$/,
  );
});

describe("durations", () => {
  const texts: [number, string][] = [
    [0, "0s"],
    [5e8, "500ms"],
    [1.5e9, "1.5s"],
    [3e10, "30s"],
    [6e10, "1m0s"],
    [9e10, "1m30s"],
    [3.6e12, "1h0m0s"],
  ];
  for (const [amount, text] of texts) {
    test(`${text} as Go writes and reads it`, () => {
      assert.equal(durationText(amount), text);
      assert.equal(nanoseconds(text), amount);
      assert.ok(isDuration(text));
    });
  }

  test("need a unit", () => {
    assert.ok(!isDuration("30"));
    assert.ok(!isDuration("-1s"));
  });
});
