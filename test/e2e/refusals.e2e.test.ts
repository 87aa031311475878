import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { stackContainers } from "../../cli/stack/containers.ts";
import { freePort } from "../../tools/freePort.ts";
import { IMAGES, Lab, TEST_WITH } from "./lab.ts";

describe(`refused before anything changes (with ${TEST_WITH} plugins and Grafana)`, () => {
  const lab = new Lab();
  let settings: { prometheus: { port: number }; grafana: object; targets: string[] };
  let containers: Awaited<ReturnType<typeof stackContainers>>;

  before(async () => {
    settings = {
      targets: ["prometheus:9090"],
      prometheus: Object.assign({ port: await freePort() }, { image: IMAGES.prometheus }),
      grafana: { image: IMAGES.grafana, port: await freePort() },
    };
    lab.configure(settings);
    const { code, output } = await lab.run("up");
    assert.equal(code, 0, output);
    containers = await stackContainers(lab.stack);
  });
  after(() => lab.dispose());

  async function assertRefused(expected: RegExp, env: Record<string, string> = {}) {
    const { code, output } = await lab.run("up", ["--yes"], env);
    assert.equal(code, 1, output);
    assert.match(output, expected);
    assert.doesNotMatch(output, /^ +at .*:\d+:\d+\)?$/m, "a stack trace is no sentence");
    assert.deepEqual(await stackContainers(lab.stack), containers);
  }

  it("an invalid setting", async () => {
    lab.configure({ ...settings, targets: ["http://a:8000"] });
    await assertRefused(/vllm-observability:targets\[0\]: "http:\/\/a:8000" has a scheme/);
    lab.configure(settings);
  });

  it("a port that is in use by another program", async () => {
    const port = await freePort();
    const squatter = await listen(port);
    try {
      lab.configure({ ...settings, prometheus: { ...settings.prometheus, port } });
      await assertRefused(
        new RegExp(
          `vllm-observability:prometheus\\.port: ${port} is in use on 127\\.0\\.0\\.1 \\(EADDRINUSE\\): .* --stack ${lab.stack} .* ${port + 1}`,
        ),
      );
    } finally {
      squatter.close();
      lab.configure(settings);
    }
  });

  it("an address of another machine", async () => {
    lab.configure({ ...settings, bindAddress: "192.0.2.1" });
    await assertRefused(
      /vllm-observability:bindAddress: "192\.0\.2\.1" is not an address of this machine/,
    );
    lab.configure(settings);
  });

  it("a wrong passphrase", async () => {
    await assertRefused(
      /The passphrase is wrong for the stack "test-[0-9a-f]+".*Nothing was changed/,
      {
        PULUMI_CONFIG_PASSPHRASE: "another",
      },
    );
  });

  it("a secret of another stack", async () => {
    const secure = `v1:${"A".repeat(16)}:${"B".repeat(32)}`;
    const receivers = [{ name: "ops", webhook: { url: { secure } } }];
    lab.configure({ ...settings, alerting: { receivers } });
    await assertRefused(
      /A secret in Pulumi\.test-[0-9a-f]+\.yaml was encrypted for another stack.* config set --secret/,
    );
    lab.configure(settings);
  });

  it("a stack whose state is in another backend", async () => {
    const empty = mkdtempSync(join(tmpdir(), "vllm-observability-"));
    await assertRefused(
      new RegExp(
        `its state is not here.*\\n +docker rm --force .*-${lab.stack}-.*\\n.*\\n +docker volume rm vllm-observability-${lab.stack}-grafana-data`,
      ),
      { PULUMI_BACKEND_URL: pathToFileURL(empty).href },
    );
    rmSync(empty, { recursive: true });
  });

  it("a Docker host that cannot be reached", async () => {
    await assertRefused(/Docker/, { DOCKER_HOST: "tcp://127.0.0.1:1" });
  });

  it("the status of a stack that is not up", async () => {
    const other = new Lab();
    other.configure(settings);
    const { code, output } = await other.run("status");
    await other.dispose();
    assert.equal(code, 1, output);
    assert.match(output, new RegExp(`The stack "${other.stack}" is not up. To create it: npm run`));
  });

  it("a stack without a settings file", async () => {
    const { code, output } = await lab.run("status", ["--stack", "no-such-stack"]);
    assert.equal(code, 1, output);
    assert.match(output, /There is no stack "no-such-stack": create Pulumi\.no-such-stack\.yaml/);
  });
});

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
