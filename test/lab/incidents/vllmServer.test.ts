/** How a failed start of vLLM is reported. A shell script stands in for Python. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { VllmServer } from "../../../lab/incidents/vllmServer.ts";
import { freePort } from "../../../tools/freePort.ts";

const folder = mkdtempSync(join(tmpdir(), "server-"));
after(() => {
  rmSync(folder, { recursive: true });
});

describe("a server that ends before it is ready", () => {
  it("is reported with its exit code and the last lines of its output", async () => {
    const message = await failedStart("seq 1 30; echo 'no such model' >&2; exit 3");
    assert.match(message, /^vLLM ended with exit code 3 before it was ready\./);
    const [, ...lines] = message.split("\n");
    assert.equal(lines.length, 20);
    assert.equal(lines[0], "12");
    assert.deepEqual(lines.slice(-2), ["30", "no such model"]);
  });

  it("is reported with the signal that ended it", async () => {
    assert.match(await failedStart("kill -KILL $$"), /^vLLM ended with signal SIGKILL before/);
  });
});

/** The error that `ready` throws if the server is this script. */
async function failedStart(script: string): Promise<string> {
  const python = join(folder, "python");
  writeFileSync(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const log = join(mkdtempSync(join(folder, "log-")), "server.log");
  const options = { python, model: "model", flags: [], env: {}, port: await freePort(), log };
  const error = await new VllmServer(options).ready(AbortSignal.timeout(30_000)).then(
    () => assert.fail("The server is ready."),
    (error: unknown) => error as Error,
  );
  return error.message;
}
