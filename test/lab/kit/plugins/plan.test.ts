import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { dockerPlugin } from "../../../../lab/kit/plugins/docker/index.ts";
import { grafanaPlugin } from "../../../../lab/kit/plugins/grafana/index.ts";
import { randomPlugin } from "../../../../lab/kit/plugins/random.ts";
import type { Properties } from "../../../../lab/kit/plugins/standIn.ts";
import { attach, type Attached } from "./client.ts";
import { recordedResource, recordedState, withoutBlanked } from "./recordings.ts";

// For the recorded state, the stand-ins plan the same as the real engine with the real providers.
describe("plans", () => {
  let attached: Record<string, Attached>;
  before(async () => {
    attached = {
      docker: await attach(dockerPlugin),
      grafana: await attach(grafanaPlugin, { url: "http://127.0.0.1:1", auth: "admin:x" }),
      random: await attach(randomPlugin),
    };
  });
  after(async () => {
    await Promise.all(Object.values(attached).map((plugin) => plugin.stop()));
  });

  /** What an `up` would do with a recorded resource if some of its inputs were different. */
  const plan = async (name: string, change: Properties, ignored: string[] = []) => {
    const { type } = recordedResource(name);
    const inputs = withoutBlanked(recordedResource(name).inputs);
    const outputs = withoutBlanked(recordedResource(name).outputs);
    const plugin = attached[type.split(":")[0] ?? ""];
    assert.ok(plugin);
    const checked = await plugin.check(type, { ...inputs, ...change });
    assert.deepEqual(checked.failures, []);
    return plugin.diff(type, outputs, checked.inputs, ignored);
  };
  const same = { changed: [], replaces: [], deleteBeforeReplace: false };
  const updated = (...changed: string[]) => ({ ...same, changed });
  const replaced = (property: string, deleteBeforeReplace = true) => {
    return { changed: [property], replaces: [property], deleteBeforeReplace };
  };

  const known = /^(docker|random):|^grafana:oss/;
  for (const { type, urn } of recordedState.filter((resource) => known.test(resource.type))) {
    const name = urn.split("::").at(-1) ?? "";
    test(`nothing for an unchanged ${type.split(":").at(-1) ?? ""} ${name}`, async () => {
      assert.deepEqual(await plan(name, {}), same);
    });
  }

  test("a replacement if a file of a config volume changes", async () => {
    const uploads = [{ file: "/etc/prometheus/conf/prometheus.yml", content: "new" }];
    assert.deepEqual(await plan("prom-conf-holder", { uploads }), replaced("uploads"));
  });

  const healthcheck = recordedResource("prom").inputs.healthcheck as Properties;
  const containers: [string, unknown, object][] = [
    ["healthcheck", { ...healthcheck, interval: "5s" }, updated("healthcheck")],
    ["tmpfs", { "/tmp": "size=1m" }, updated("tmpfs")],
    ["restart", "always", updated("restart")],
    ["envs", ["A=1"], replaced("envs")],
    ["ports", [{ internal: 9090, external: 19091, ip: "127.0.0.1" }], replaced("ports")],
    ["command", ["--config.file=/other"], replaced("command")],
    ["labels", [{ label: "a", value: "b" }], replaced("labels")],
    ["image", "local/prometheus:3.17", replaced("image")],
    ["image", unknownValue, replaced("image")],
    [
      "networksAdvanced",
      [{ name: "other", aliases: ["prometheus"] }],
      replaced("networksAdvanced"),
    ],
    ["name", "other", replaced("name")],
  ];
  for (const [input, value, expected] of containers) {
    test(`a container's ${input} ${JSON.stringify(value)}`, async () => {
      assert.deepEqual(await plan("prom", { [input]: value }), expected);
    });
  }

  test("an update for a container's memory and swap", async () => {
    const expected = updated("memory", "memorySwap");
    assert.deepEqual(await plan("prom", { memory: 64, memorySwap: 64 }), expected);
  });

  test("nothing for a different order of a container's volumes", async () => {
    const volumes = (recordedResource("prom").inputs.volumes as Properties[]).toReversed();
    assert.deepEqual(await plan("prom", { volumes }), same);
  });

  test("a replacement for a different order of a container's command", async () => {
    const command = (recordedResource("prom").inputs.command as string[]).toReversed();
    assert.deepEqual(await plan("prom", { command }), replaced("command"));
  });

  test("nothing for an ignored change", async () => {
    assert.deepEqual(await plan("prom-data", { name: "other" }, ["name"]), same);
    assert.deepEqual(await plan("pw", { length: 32 }, ["*"]), same);
  });

  test("a replacement for a volume's name and for its labels", async () => {
    assert.deepEqual(await plan("prom-data", { name: "other" }), replaced("name"));
    const labels = [{ label: "a", value: "b" }];
    assert.deepEqual(await plan("prom-data", { labels }), replaced("labels"));
  });

  test("a replacement for a network's name", async () => {
    assert.deepEqual(await plan("net", { name: "other" }), replaced("name"));
  });

  test("an update for a data source's URL, nothing if its JSON is only formatted differently", async () => {
    assert.deepEqual(await plan("ds", { url: "http://other:9090" }), updated("url"));
    const jsonDataEncoded = '{ "httpMethod": "POST", "timeInterval": "5s" }';
    assert.deepEqual(await plan("ds", { jsonDataEncoded }), same);
  });

  test("a replacement for a folder's uid, an update for its title and for a dashboard's folder", async () => {
    assert.deepEqual(await plan("folder", { uid: "other" }), replaced("uid", false));
    assert.deepEqual(await plan("folder", { title: "other" }), updated("title"));
    assert.deepEqual(await plan("dash", { folder: "other" }), updated("folder"));
  });

  test("an update for a dashboard's title, a replacement for its uid, nothing for its numeric ids", async () => {
    const dashboard = JSON.parse(recordedResource("dash").inputs.configJson as string) as {
      panels: Properties[];
    };
    const change = (changed: object) => plan("dash", { configJson: JSON.stringify(changed) });
    assert.deepEqual(await change({ ...dashboard, title: "Other" }), updated("configJson"));
    assert.deepEqual(await change({ ...dashboard, uid: "other" }), replaced("configJson", false));
    const renumbered = dashboard.panels.map((panel) => ({ ...panel, id: 7 }));
    assert.deepEqual(await change({ ...dashboard, id: 9, version: 8, panels: renumbered }), same);
  });

  test("a replacement for a password's length", async () => {
    assert.deepEqual(await plan("pw", { length: 32 }), replaced("length", false));
  });
});
