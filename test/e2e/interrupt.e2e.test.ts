import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../tools/freePort.ts";
import { stackFile } from "../../tools/project.ts";
import { IMAGES, Lab, type Started, TEST_WITH } from "./lab.ts";

/** Each test continues with the stack that the previous one left. */
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

  /** Interrupts a command, and checks how it ends. */
  async function interrupt(
    command: Started,
    send: () => void,
    signal: "SIGINT" | "SIGTERM",
    code: number,
  ): Promise<string> {
    send();
    const ran = await command.ended;
    assert.equal(ran.code, code, ran.output);
    assert.match(ran.output, /Interrupted: waiting until the running steps are done/);
    assert.match(
      ran.output,
      new RegExp(
        `\\nInterrupted by ${signal} \\(.*\\)\\. The state of the stack "${lab.stack}" is saved and unlocked\\. To continue, run the same command again\\.\r?\\n`,
      ),
    );
    assert.deepEqual(locks(lab), []);
    assert.deepEqual(pending(lab), []);
    return ran.output;
  }

  it("up, by SIGINT before it begins: the stack's file is as it was", async () => {
    const settings = () => readFileSync(stackFile(lab.stack), "utf8");
    const before = settings();
    const command = lab.start("up");
    await until(command, () => settings().includes("encryptionsalt"));
    command.child.kill("SIGINT");
    assert.equal((await command.ended).code, 130);
    assert.equal(settings(), before);
    assert.deepEqual(locks(lab), []);
  });

  it("up, by SIGINT as soon as it has locked the stack: it is unlocked", async () => {
    const command = lab.start("up");
    await until(command, () => locks(lab).length > 0);
    await interrupt(command, () => command.child.kill("SIGINT"), "SIGINT", 130);
    assert.deepEqual((await lab.leftovers()).containers, []);
  });

  it("up, by SIGINT: the next one finishes it", async () => {
    const command = lab.start("up");
    await command.prints(/^Create network .*done/m);
    const output = await interrupt(command, () => command.child.kill("SIGINT"), "SIGINT", 130);
    assert.doesNotMatch(output, /^Create container grafana-server .*done/m);
    const { code, output: next } = await lab.run("up");
    assert.equal(code, 0, next);
    assert.doesNotMatch(next, /left the stack locked|had begun to create/);
    assert.match(next, /Targets +vllm prometheus:9090 +up/);
  });

  it("refresh, by Ctrl-C on a terminal: the state is as it was", async () => {
    const before = resources(lab);
    const command = lab.startOnTerminal("refresh");
    await until(command, () => locks(lab).length > 0);
    await interrupt(command, () => command.child.stdin.write("\x03"), "SIGINT", 130);
    assert.deepEqual(resources(lab), before);
  });

  it("destroy, by SIGTERM: the next one finishes it", async () => {
    const command = lab.start("destroy", ["--yes"]);
    await command.prints(/^Delete (container|dashboard) .*done/m);
    await interrupt(command, () => command.child.kill("SIGTERM"), "SIGTERM", 143);
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

/** Waits for something that the command does not print. */
async function until(command: Started, isSo: () => boolean): Promise<void> {
  while (command.child.exitCode === null && !isSo()) await sleep(5);
}

function locks(lab: Lab): string[] {
  return lab.stateFiles().filter((file) => file.startsWith("locks/") && file.endsWith(".json"));
}

function pending(lab: Lab): unknown[] {
  return stateOf(lab)?.pending_operations ?? [];
}

/** The resources in the state, by URN. */
function resources(lab: Lab): string[] {
  return (stateOf(lab)?.resources ?? []).map(({ urn }) => urn);
}

function stateOf(lab: Lab) {
  const state = JSON.parse(readFileSync(lab.stateFile, "utf8")) as {
    checkpoint: { latest?: { pending_operations?: unknown[]; resources?: { urn: string }[] } };
  };
  return state.checkpoint.latest;
}
