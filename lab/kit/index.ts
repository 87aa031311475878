import type { Report } from "../../tools/report.ts";
import { ensureImages, type ImageName, images } from "./images/index.ts";
import { startPlugins } from "./plugins/index.ts";

/** A running offline kit. */
export interface Kit {
  /** Variables for the Pulumi CLI, which lead it to the kit's plugins. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Makes those of the kit's images on the Docker host that a stack uses, where they are not there
 * yet, and starts the kit's plugins. A stack uses an image of the kit by naming its tag in the
 * settings, as `Pulumi.offline.yaml` does; other tags are left to Docker.
 */
export async function startKit(usedTags: string[], report: Report): Promise<Kit> {
  const names = Object.keys(images) as ImageName[];
  const used = names.filter((name) => usedTags.includes(images[name]));
  await ensureImages(report, used);
  return startPlugins();
}
