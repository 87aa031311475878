import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type Docker from "dockerode";
import { Failure } from "../../../tools/failure.ts";
import { imagesAvailable } from "../../../cli/setup/images.ts";

/** An engine with the images `local`. For others it answers as `remote` says, with 200 or an error. */
function engine(local: string[], remote: Record<string, number | undefined>) {
  const asked: string[] = [];
  const answer = (statusCode: number | undefined) =>
    statusCode === 200
      ? Promise.resolve({})
      : Promise.reject(Object.assign(new Error("refused"), { statusCode }));
  const docker = {
    getImage: (name: string) => ({
      inspect: () => answer(local.includes(name) ? 200 : 404),
      distribution: () => {
        asked.push(name);
        return answer(remote[name]);
      },
    }),
  } as unknown as Docker;
  return { docker, asked };
}

const IMAGES = { "prometheus.image": "a:1", "grafana.image": "b:1" };

describe("imagesAvailable", () => {
  it("asks no registry for local images", async () => {
    const { docker, asked } = engine(["a:1", "b:1"], {});
    assert.equal(await imagesAvailable(IMAGES, docker), true);
    assert.deepEqual(asked, []);
  });
  it("is true when the rest can be pulled", async () => {
    const { docker, asked } = engine(["a:1"], { "b:1": 200 });
    assert.equal(await imagesAvailable(IMAGES, docker), true);
    assert.deepEqual(asked, ["b:1"]);
  });
  for (const status of [401, 403]) {
    it(`is true when the registry requires a login (${status}), which the provider may have`, async () => {
      assert.equal(await imagesAvailable(IMAGES, engine(["a:1"], { "b:1": status }).docker), true);
    });
  }
  for (const status of [500, undefined]) {
    it(`is false when the registry is not available (${status ?? "no answer"})`, async () => {
      const { docker } = engine(["a:1"], { "b:1": status });
      assert.equal(await imagesAvailable(IMAGES, docker), false);
    });
  }
  it("rejects an image that its registry does not have, because that is a mistake", async () => {
    await assert.rejects(
      imagesAvailable(IMAGES, engine(["a:1"], { "b:1": 404 }).docker),
      (error) =>
        error instanceof Failure &&
        error.message ===
          'vllm-observability:grafana.image: "b:1" is neither on this Docker host nor in its registry: correct the name or the tag.',
    );
  });
});
