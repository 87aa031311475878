import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type Docker from "dockerode";
import { imagesAvailable } from "../../../tools/setup/images.ts";

/** An engine that has the images `local` and reaches a registry that has `remote`. */
function engine(local: string[], remote: string[]) {
  const asked: string[] = [];
  const answer = (names: string[], name: string) =>
    names.includes(name) ? Promise.resolve({}) : Promise.reject(new Error("404"));
  const docker = {
    getImage: (name: string) => ({
      inspect: () => answer(local, name),
      distribution: () => {
        asked.push(name);
        return answer(remote, name);
      },
    }),
  } as unknown as Docker;
  return { docker, asked };
}

describe("imagesAvailable", () => {
  it("asks no registry for what is there", async () => {
    const { docker, asked } = engine(["a:1", "b:1"], []);
    assert.equal(await imagesAvailable(["a:1", "b:1"], docker), true);
    assert.deepEqual(asked, []);
  });
  it("is true when the rest can be pulled", async () => {
    const { docker, asked } = engine(["a:1"], ["b:1"]);
    assert.equal(await imagesAvailable(["a:1", "b:1"], docker), true);
    assert.deepEqual(asked, ["b:1"]);
  });
  it("is false when one is nowhere", async () => {
    assert.equal(await imagesAvailable(["a:1", "b:1"], engine(["a:1"], []).docker), false);
  });
});
