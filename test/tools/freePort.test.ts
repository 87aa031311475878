import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { freePort } from "../../tools/freePort.ts";

test("a free port is outside the ephemeral range, different each time, and not in use", async () => {
  const first = await freePort();
  assert.ok(first >= 20_000 && first < 32_000, String(first));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(first + 1, "127.0.0.1", resolve));
  try {
    const second = await freePort();
    assert.notEqual(second, first);
    assert.notEqual(second, first + 1);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
