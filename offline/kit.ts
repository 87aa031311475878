import type { Report } from "../tools/setup/report.ts";
import { ensureImages } from "./images/index.ts";
import { startPlugins } from "./plugins/index.ts";

/** A running offline kit. */
export interface Kit {
  /** Variables for the Pulumi CLI, which lead it to the kit's plugins. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Makes the kit's images on the Docker host, where they are not there yet, and starts its plugins.
 * A stack uses the images by naming them in its settings, as `Pulumi.offline.yaml` does.
 */
export async function startKit(report: Report): Promise<Kit> {
  await ensureImages(report);
  return startPlugins();
}
