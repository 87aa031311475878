import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { randomPlugin } from "../../../../lab/kit/plugins/random.ts";
import { attach, type Attached } from "./client.ts";
import { recordedResource, shape } from "./recordings.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";

describe("RandomPassword", () => {
  let plugin: Attached;
  before(async () => {
    plugin = await attach(randomPlugin);
  });
  after(() => plugin.stop());

  test("has the recorded shape, and its result and hash are secret", async () => {
    const { inputs, outputs } = recordedResource("pw");
    const { id, state } = await plugin.create(PASSWORD, inputs);
    assert.equal(id, "none");
    assert.deepEqual(shape(state), shape(outputs));
    assert.match(String(state.result), /^[A-Za-z0-9]{24}$/);
    assert.deepEqual((await plugin.createdSecrets(PASSWORD, inputs)).sort(), [
      "bcryptHash",
      "result",
    ]);
  });

  test("is different each time it is created, and a refresh keeps it", async () => {
    const first = await plugin.create(PASSWORD, { length: 32 });
    const second = await plugin.create(PASSWORD, { length: 32 });
    assert.notEqual(first.state.result, second.state.result);
    assert.deepEqual((await plugin.read(PASSWORD, "none", first.state)).state, first.state);
  });
});
