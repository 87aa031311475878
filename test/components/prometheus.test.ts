import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { Monitoring } from "../../components/monitoring.ts";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import { parseSettings } from "../../settings.ts";
import { holder, secret } from "./expected.ts";
import { recordRegistrations } from "./recording.ts";

const SETTINGS = {
  prometheus: {
    remoteWrite: [{ name: "central", url: "https://mimir/push", bearerToken: "the token" }],
  },
};

async function registered(settings: Record<string, unknown>) {
  const recorded = await recordRegistrations("p", "s");
  const deployment = { project: "p", stack: "s" };
  new Monitoring("m", { deployment, ...planStack(parseSettings(settings), demo).monitoring });
  await runtime.disconnect();
  return recorded;
}

describe("Prometheus with secrets", () => {
  it("has them in a separate volume, and starts after the files are there", async () => {
    const recorded = await registered(SETTINGS);
    const of = (name: string) => recorded.find((one) => one.name === name);
    const { uploads, ...rest } = of("m-prometheus-secrets-holder")?.inputs ?? {};
    const { uploads: one, ...usual } = holder("prometheus-secrets", "/etc/prometheus-secrets", {
      "remote-write-central-login": "the token",
    });
    assert.deepEqual(rest, usual);
    assert.deepEqual(uploads, secret(one));
    const { after = [], inputs } = of("m-prometheus-server") ?? {};
    assert.ok(after.includes("m-prometheus-secrets-holder"));
    assert.deepEqual((inputs?.volumes as unknown[])[1], {
      ...{ volumeName: "p-s-prometheus-secrets", containerPath: "/etc/prometheus-secrets" },
      readOnly: true,
    });
  });

  it("has no such volume without secrets", async () => {
    const names = (await registered({})).map(({ name }) => name);
    assert.ok(names.includes("m-prometheus-server"));
    assert.deepEqual(
      names.filter((name) => name.includes("prometheus-secrets")),
      [],
    );
  });
});
