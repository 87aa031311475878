import type { Report } from "../../tools/report.ts";
import { ensureImages, type ImageName, images } from "./images/index.ts";
import { startPlugins } from "./plugins/index.ts";

/** A running offline kit. */
export interface Kit {
  /** Environment variables that make the Pulumi CLI use the kit's plugins. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Builds the kit's images that a stack uses, if the Docker host does not have them yet, and starts
 * the kit's plugins. A stack uses an image of the kit by naming its tag in the settings, as
 * `Pulumi.offline.yaml` does. Docker handles all other tags.
 */
export async function startKit(usedTags: string[], report: Report): Promise<Kit> {
  const names = Object.keys(images) as ImageName[];
  const used = names.filter((name) => usedTags.includes(images[name]));
  await ensureImages(report, used);
  return startPlugins();
}
