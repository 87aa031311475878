import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { dockerClient, execute, stackContainers } from "../../cli/stack/containers.ts";
import { stackFile } from "../../tools/project.ts";
import { assertConfined, assertPowerless } from "./confinement.ts";
import { freePort } from "../../tools/freePort.ts";
import { IMAGES, Lab, TEST_WITH, type Ran } from "./lab.ts";
import { type ReachedWebhooks, receiveFromContainers, until } from "./webhooks.ts";

const TOKEN = "a-token-that-must-stay-secret";

/** The lifecycle of a stack with receivers: each test depends on the previous one. */
describe(`a stack with receivers (with ${TEST_WITH} plugins)`, { concurrency: false }, () => {
  const lab = new Lab();
  let ports: { prometheus: number; grafana: number; alertmanager: number };
  let webhooks: ReachedWebhooks;

  before(async () => {
    webhooks = await receiveFromContainers();
    ports = {
      prometheus: await freePort(),
      grafana: await freePort(),
      alertmanager: await freePort(),
    };
    configure();
    // Set the secrets as a user would, before the first up. This keeps the other settings in the file.
    for (const key of [
      "alerting.receivers[0].webhook.bearerToken",
      "prometheus.remoteWrite[0].bearerToken",
    ]) {
      const set = await lab.pulumi(
        ...["config", "set", "--secret", "--path", `vllm-observability:${key}`, TOKEN],
      );
      assert.equal(set.code, 0, set.output);
    }
  });

  after(async () => {
    await lab.dispose();
    await webhooks.stop();
  });

  function configure(): void {
    lab.configure({
      targets: ["host.docker.internal:1"],
      scrapeInterval: "1s",
      evaluationInterval: "1s",
      prometheus: {
        ...{ image: IMAGES.prometheus, port: ports.prometheus },
        // Nothing listens at this address.
        remoteWrite: [{ name: "central", url: "http://host.docker.internal:1/push" }],
      },
      grafana: { image: IMAGES.grafana, port: ports.grafana },
      alertmanager: { image: IMAGES.alertmanager, port: ports.alertmanager },
      alerting: {
        timeScale: 0.02,
        receivers: [{ name: "test", webhook: { url: webhooks.urlFromContainers } }],
        watchdogReceiver: "test",
      },
    });
  }

  async function up(): Promise<Ran> {
    const ran = await lab.run("up");
    assert.equal(ran.code, 0, ran.output);
    return ran;
  }

  async function container(component: string) {
    const found = (await stackContainers(lab.stack)).find((one) => one.component === component);
    assert.ok(found, `no container ${component}`);
    return dockerClient().getContainer(found.id).inspect();
  }

  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${ports.alertmanager}/api/v2${path}`, {
      ...(body !== undefined && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    assert.ok(response.ok, `${path}: ${response.status}`);
    return (await response.json()) as T;
  }

  it("delivers the Watchdog, and an alert for a dead server with all expected fields", async () => {
    await up();
    const notified = (alert: string) => () =>
      webhooks.notified.findLast(({ name }) => name === alert);
    await until("the Watchdog", 60, notified("Watchdog"));
    const down = await until("VllmTargetDown", 60, notified("VllmTargetDown"));
    assert.equal(down.status, "firing");
    assert.equal(down.labels.instance, "host.docker.internal:1");
    assert.equal(
      down.annotations.dashboard_url,
      `http://127.0.0.1:${ports.grafana}/d/vllm-instances?var-instance=host.docker.internal%3A1`,
    );
    assert.match(down.annotations.runbook_url ?? "", /\/d\/vllm-runbooks\?viewPanel=\d+$/);
    assert.equal(webhooks.authorization(), `Bearer ${TOKEN}`);
  });

  it("does not expose the secret in the state or in any container's definition", async () => {
    assert.doesNotMatch(readFileSync(lab.stateFile, "utf8"), new RegExp(TOKEN));
    for (const { id } of await stackContainers(lab.stack)) {
      const { Config, HostConfig } = await dockerClient().getContainer(id).inspect();
      assert.doesNotMatch(JSON.stringify({ Config, HostConfig }), new RegExp(TOKEN));
    }
  });

  it("gives Prometheus the remote-write token in a file that it can read", async () => {
    const { Id } = await container("prometheus");
    await execute(Id, ["grep", "-qx", TOKEN, "/etc/prometheus-secrets/remote-write-central-login"]);
  });

  it("confines its containers", async () => {
    for (const component of ["alertmanager", "alertmanager-reload"]) {
      assertConfined(component, await container(component));
    }
    for (const component of ["alertmanager-config", "alertmanager-secrets", "prometheus-secrets"]) {
      assertPowerless(component, await container(component));
    }
  });

  it("changes nothing when nothing changed", async () => {
    const before = await container("alertmanager-reload");
    const { output } = await up();
    assert.match(output, /unchanged/);
    assert.equal((await container("alertmanager-reload")).Id, before.Id);
    const refresh = await lab.run("refresh");
    assert.equal(refresh.code, 0, refresh.output);
  });

  it("applies a changed configuration without a restart, and keeps silences", async () => {
    const before = await container("alertmanager");
    const now = Date.now();
    await ask("/silences", {
      matchers: [{ name: "alertname", value: "VllmTargetDown", isRegex: false, isEqual: true }],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + 3_600_000).toISOString(),
      createdBy: "test",
      comment: "test",
    });
    // Edit the existing file, which contains the encrypted secret.
    const file = stackFile(lab.stack);
    const text = readFileSync(file, "utf8");
    assert.match(text, /secure: /);
    writeFileSync(file, text.replace("timeScale: 0.02", "timeScale: 0.02\n    repeatInterval: 7h"));
    await up();
    const status = await ask<{ config: { original: string } }>("/status");
    assert.match(status.config.original, /repeat_interval: 8m24s/);
    const { Id, State } = await container("alertmanager");
    assert.deepEqual([Id, State.StartedAt], [before.Id, before.State.StartedAt]);
    const silences = await ask<{ status: { state: string } }[]>("/silences");
    assert.deepEqual(
      silences.map(({ status: { state } }) => state),
      ["active"],
    );
    assert.equal((await container("alertmanager-reload")).State.ExitCode, 0);
  });

  it("leaves nothing behind after destroy", async () => {
    const ran = await lab.run("destroy", ["--yes"]);
    assert.equal(ran.code, 0, ran.output);
    assert.deepEqual(await lab.leftovers(), { containers: [], volumes: [], networks: [] });
  });
});
