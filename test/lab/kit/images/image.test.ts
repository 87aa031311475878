import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type Docker from "dockerode";
import { ensureRecipes, type ImageRecipe } from "../../../../lab/kit/images/image.ts";
import type { Report } from "../../../../tools/report.ts";

const SILENT: Report = { step: (_, work) => work(() => undefined), say: () => undefined };

/** A mock of a Docker host that keeps images by tag with their labels, and records builds. */
class FakeDocker {
  readonly images = new Map<string, Record<string, string> | null>();
  readonly built: { tag: string; files: string[] }[] = [];
  pruned = 0;
  failure: string | undefined;

  getImage(tag: string) {
    return {
      inspect: () =>
        this.images.has(tag)
          ? Promise.resolve({ Config: { Labels: this.images.get(tag) } })
          : Promise.reject(new Error("no such image")),
    };
  }

  async buildImage(
    { context }: { context: string; src: string[] },
    { t, labels }: { t: string; labels: Record<string, string> },
  ) {
    this.built.push({ tag: t, files: (await readdir(context, { recursive: true })).sort() });
    this.images.set(t, labels);
    return {};
  }

  pruneImages() {
    this.pruned++;
    return Promise.resolve();
  }

  readonly modem = {
    followProgress: (
      _: unknown,
      done: (error: Error | null) => void,
      onEvent: (event: { stream: string }) => void,
    ) => {
      onEvent({ stream: "Step 1/2 : FROM scratch\n" });
      done(this.failure === undefined ? null : new Error(this.failure));
    },
  };
}

const base: ImageRecipe = {
  tag: "kit/base",
  folder: "node",
  ingredients: ["1"],
  context: () => Promise.resolve({}),
};
const child: ImageRecipe = { ...base, tag: "kit/child", folder: "prometheus", base };

async function ensure(docker: FakeDocker, ...recipes: ImageRecipe[]): Promise<string[]> {
  docker.built.length = 0;
  await ensureRecipes(docker as unknown as Docker, recipes, SILENT);
  return docker.built.map(({ tag }) => tag);
}

describe("ensureImages", () => {
  it("builds missing images, each base first and only once, and nothing the second time", async () => {
    const docker = new FakeDocker();
    assert.deepEqual(await ensure(docker, child, base), ["kit/base", "kit/child"]);
    assert.deepEqual(await ensure(docker, child, base), []);
    assert.equal(docker.pruned, 2);
  });

  it("rebuilds an image when its recipe, its base or its label changed", async () => {
    const docker = new FakeDocker();
    await ensure(docker, child);
    const changed = { ...child, ingredients: ["2"] };
    assert.deepEqual(await ensure(docker, changed), ["kit/child"]);
    const rebased = { ...changed, base: { ...base, ingredients: ["2"] } };
    assert.deepEqual(await ensure(docker, rebased), ["kit/base", "kit/child"]);
    docker.images.set("kit/child", null);
    assert.deepEqual(await ensure(docker, rebased), ["kit/child"]);
  });

  it("builds from the recipe's folder and its context, read only when it builds", async (context) => {
    const file = join(await temporaryFolder(context), "program");
    await writeFile(file, "");
    let asked = 0;
    const recipe: ImageRecipe = {
      ...base,
      context: () => {
        asked++;
        return Promise.resolve({ "root/lib/program": file });
      },
    };
    const docker = new FakeDocker();
    await ensure(docker, recipe);
    assert.deepEqual(docker.built[0]?.files, [
      "Dockerfile",
      "docker-entrypoint.sh",
      "nsswitch.conf",
      "root",
      "root/lib",
      "root/lib/program",
    ]);
    await ensure(docker, recipe);
    assert.equal(asked, 1);
    assert.ok(existsSync(file));
  });

  it("reports which image failed, why, and Docker's last output", async () => {
    const docker = new FakeDocker();
    docker.failure = "no space left on device";
    await assert.rejects(ensure(docker, base), {
      message:
        "Docker could not make the image kit/base: no space left on device\nStep 1/2 : FROM scratch",
    });
  });
});

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vllm-observability-test-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
