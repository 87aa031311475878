import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { Monitoring } from "../../components/monitoring.ts";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import { parseSettings } from "../../settings.ts";
import { confined, holder, secret, server } from "./expected.ts";
import { recordRegistrations, type Registration } from "./recording.ts";

const SETTINGS = {
  targets: [{ name: "chat", addresses: ["gpu1:8000"], canary: { apiKey: "the key" } }],
  canary: { image: "node:1", memory: 200 },
};

describe("a canary registers exactly", () => {
  const { canary } = planStack(parseSettings(SETTINGS), demo).monitoring;
  let recorded: Registration[];
  before(async () => {
    recorded = await recordRegistrations("p", "s");
    const deployment = { project: "p", stack: "s" };
    new Monitoring("m", { deployment, ...planStack(parseSettings(SETTINGS), demo).monitoring });
    await runtime.disconnect();
  });
  const inputsOf = (name: string) => recorded.find((one) => one.name === name)?.inputs;

  it("these resources, the server after its files", () => {
    assert.deepEqual(
      recorded.flatMap(({ name }) => (name.startsWith("m-canary") ? [name] : [])).sort(),
      [
        ...["m-canary-files", "m-canary-files-holder", "m-canary-image"],
        ...["m-canary-secrets", "m-canary-secrets-holder", "m-canary-server"],
      ],
    );
    const { after = [] } = recorded.find(({ name }) => name === "m-canary-server") ?? {};
    assert.ok(after.includes("m-canary-files-holder"));
    assert.ok(after.includes("m-canary-secrets-holder"));
  });

  it("a confined server without published ports, with its key in no variable or argument", () => {
    const { labels, ...inputs } = inputsOf("m-canary-server") ?? {};
    const { labels: usual, ...expected } = server("canary", "http://127.0.0.1:9820/-/ready");
    assert.deepEqual(inputs, {
      ...confined("65534:65534", 200),
      ...expected,
      command: ["node", "/canary/canary/main.ts"],
      hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
      volumes: [
        { volumeName: "p-s-canary-files", containerPath: "/canary", readOnly: true },
        { volumeName: "p-s-canary-secrets", containerPath: "/etc/canary-secrets", readOnly: true },
      ],
    });
    const [component, config, ...others] = labels as { label: string; value: string }[];
    assert.deepEqual([component, ...others], usual);
    assert.equal(config?.label, "vllm-observability.config");
    assert.match(config.value, /^[0-9a-f]{64}$/);
  });

  it("its program and configuration, and separately the key as a secret", () => {
    assert.deepEqual(
      inputsOf("m-canary-files-holder"),
      holder("canary-files", "/canary", {
        ...canary?.files,
        "config.json": canary?.config ?? "",
      }),
    );
    const { uploads, ...rest } = inputsOf("m-canary-secrets-holder") ?? {};
    const { uploads: one, ...usual } = holder("canary-secrets", "/etc/canary-secrets", {
      chat: "the key",
    });
    assert.deepEqual(rest, usual);
    assert.deepEqual(uploads, secret(one));
  });
});
