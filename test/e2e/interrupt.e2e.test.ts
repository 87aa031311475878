import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { freePort } from "../../tools/freePort.ts";
import { IMAGES, Lab, type Started, TEST_WITH } from "./lab.ts";

/** Each test finds the stack as the one before left it. */
describe(`an interrupted command (with ${TEST_WITH} plugins and Grafana)`, () => {
  const lab = new Lab();
  before(async () => {
    lab.configure({
      targets: ["prometheus:9090"],
      prometheus: { image: IMAGES.prometheus, port: await freePort() },
      grafana: { image: IMAGES.grafana, port: await freePort() },
    });
  });
  after(() => lab.dispose());

  /** Sends the signal once the command prints `event`, and checks how it ends. */
  async function interrupt(
    command: Started,
    event: RegExp,
    signal: "SIGINT" | "SIGTERM",
    code: number,
  ): Promise<string> {
    await command.prints(event);
    command.child.kill(signal);
    const ran = await command.ended;
    assert.equal(ran.code, code, ran.output);
    assert.match(ran.output, /^Interrupted: waiting until the running steps are done/m);
    assert.match(
      ran.output,
      new RegExp(
        `\\nInterrupted by ${signal} \\(\\d+ .*\\)\\. The state of the stack "${lab.stack}" is saved and unlocked\\. To continue, run the same command again\\.\\n`,
      ),
    );
    assert.deepEqual(locks(lab), []);
    assert.deepEqual(pending(lab), []);
    return ran.output;
  }

  it("up, by SIGINT: the next one finishes it", async () => {
    const output = await interrupt(lab.start("up"), /^Create network .*done/m, "SIGINT", 130);
    assert.doesNotMatch(output, /^Create container grafana-server .*done/m);
    const { code, output: next } = await lab.run("up");
    assert.equal(code, 0, next);
    assert.doesNotMatch(next, /left the stack locked|had begun to create/);
    assert.match(next, /Targets +vllm prometheus:9090 +up/);
  });

  it("destroy, by SIGTERM: the next one finishes it", async () => {
    await interrupt(
      lab.start("destroy", ["--yes"]),
      /^Delete (container|dashboard) .*done/m,
      "SIGTERM",
      143,
    );
    const { code, output } = await lab.run("destroy", ["--yes"]);
    assert.equal(code, 0, output);
    assert.deepEqual(await lab.leftovers(), { containers: [], volumes: [], networks: [] });
  });

  it("twice: ends at once, and the next up recovers", async () => {
    const command = lab.start("up");
    await command.prints(/^Create network .*done/m);
    command.child.kill("SIGINT");
    await command.prints(/^Interrupted: waiting/m);
    command.child.kill("SIGINT");
    const { code, output } = await command.ended;
    assert.equal(code, 130, output);
    assert.doesNotMatch(output, /saved and unlocked/);
    const next = await lab.run("up");
    assert.equal(next.code, 0, next.output);
    const destroyed = await lab.run("destroy", ["--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
  });
});

function locks(lab: Lab): string[] {
  return lab.stateFiles().filter((file) => file.startsWith("locks/") && file.endsWith(".json"));
}

function pending(lab: Lab): unknown[] {
  const state = JSON.parse(readFileSync(lab.stateFile, "utf8")) as {
    checkpoint: { latest?: { pending_operations?: unknown[] } };
  };
  return state.checkpoint.latest?.pending_operations ?? [];
}
