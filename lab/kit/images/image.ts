import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import type { Report } from "../../../tools/report.ts";
import { run } from "../../../tools/run.ts";

/** How an image is built. */
export interface ImageRecipe {
  tag: string;
  /** Folder next to this file, with the Dockerfile and other static files of the build context. */
  folder: string;
  /** The image named in the Dockerfile's FROM. */
  base?: ImageRecipe;
  /** Together with the folder's files, these decide whether an existing image is out of date. */
  ingredients: string[];
  /**
   * The rest of the build context: paths on this machine, keyed by their path in the context. Called
   * only when the image is built, because making those files may take minutes.
   */
  context: (report: Report) => Promise<Record<string, string>>;
}

/**
 * Builds the images, each after its base. Skips images that already exist and were built from the
 * same recipe. Contacts no registry, and the builds have no network.
 */
export async function ensureRecipes(
  docker: Docker,
  recipes: ImageRecipe[],
  report: Report,
): Promise<void> {
  const underWay = new Map<ImageRecipe, Promise<void>>();
  const ensure = (recipe: ImageRecipe): Promise<void> => {
    const begun = underWay.get(recipe) ?? ensureAfterBase(recipe);
    underWay.set(recipe, begun);
    return begun;
  };
  const ensureAfterBase = async (recipe: ImageRecipe) => {
    if (recipe.base) await ensure(recipe.base);
    await ensureImage(docker, recipe, report);
  };
  await Promise.all(recipes.map(ensure));
  // Remove the images that had these tags before, unless a container still uses them.
  await docker.pruneImages({ filters: { dangling: ["true"], label: [LABEL] } });
}

async function ensureImage(docker: Docker, recipe: ImageRecipe, report: Report): Promise<void> {
  const hash = await hashRecipe(recipe);
  const earlier = await docker
    .getImage(recipe.tag)
    .inspect()
    .catch(() => undefined);
  // Docker returns null for an image without labels, although the types do not say so.
  const labels = earlier?.Config.Labels as Record<string, string> | null | undefined;
  if (labels?.[LABEL] === hash) return;

  const context = await recipe.context(report);
  await report.step(`Making the image ${recipe.tag}`, () => build(docker, recipe, context, hash));
}

/** The label with the hash of an image's recipe. */
const LABEL = "vllm-observability.recipe";

async function hashRecipe(recipe: ImageRecipe): Promise<string> {
  const hash = createHash("sha256");
  hash.update(recipe.base ? await hashRecipe(recipe.base) : "");
  hash.update(JSON.stringify(recipe.ingredients));
  for (const name of (await readdir(folderOf(recipe))).sort()) {
    hash.update(name).update(await readFile(join(folderOf(recipe), name)));
  }
  return hash.digest("hex");
}

function folderOf(recipe: ImageRecipe): string {
  return join(import.meta.dirname, recipe.folder);
}

async function build(
  docker: Docker,
  recipe: ImageRecipe,
  files: Record<string, string>,
  hash: string,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "vllm-observability-image-"));
  try {
    await cp(folderOf(recipe), context, { recursive: true });
    for (const [place, path] of Object.entries(files)) {
      await cp(path, join(context, place), { recursive: true, dereference: true });
    }
    // The image's user must be able to read files that only this user may be able to read here.
    await run("chmod", ["-R", "a+rX", context]);
    const output = await docker.buildImage(
      { context, src: await readdir(context) },
      { t: recipe.tag, labels: { [LABEL]: hash }, networkmode: "none", forcerm: true },
    );
    await finished(docker, output, recipe.tag);
  } finally {
    await rm(context, { recursive: true });
  }
}

/** Docker responds "200 OK" at once; only the last lines show whether the build succeeded. */
async function finished(docker: Docker, output: NodeJS.ReadableStream, tag: string): Promise<void> {
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      output,
      (error) => {
        if (error) {
          const last = lines.slice(-10).join("").trimEnd();
          reject(new Error(`Docker could not make the image ${tag}: ${error.message}\n${last}`));
        } else resolve();
      },
      (event: { stream?: string }) => lines.push(event.stream ?? ""),
    );
  });
}
