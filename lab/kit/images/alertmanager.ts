import { join } from "node:path";
import type { Report } from "../../../tools/report.ts";
import { busyboxImage } from "./busybox.ts";
import { ensureGoPrograms, type GoPrograms } from "./goPrograms.ts";
import type { ImageRecipe } from "./image.ts";

const VERSION = "0.34.2";

const programs: GoPrograms = {
  title: `Alertmanager ${VERSION}`,
  module: "github.com/prometheus/alertmanager",
  version: `v${VERSION}`,
  sum: "h1:4oOnHs4J41X9n+7MucFjA3I5i5MtasjWTnIY27q5Qkw=",
  commands: ["./cmd/alertmanager", "./cmd/amtool"],
  tags: ["netgo"],
  variables: { "github.com/prometheus/common/version.Version": VERSION },
  // A release has its web interface built in, but the module does not contain it.
  missingFiles: {
    "ui/app/dist/index.html":
      "<!doctype html><title>Alertmanager</title>Without its web interface.\n",
  },
};

/**
 * Alertmanager's server and `amtool` as programs for this machine, built from the released Go module
 * if the cache folder does not have them yet.
 */
export async function ensureAlertmanagerPrograms(
  report: Report,
): Promise<{ alertmanager: string; amtool: string }> {
  const dir = await ensureGoPrograms(programs, report);
  return { alertmanager: join(dir, "alertmanager"), amtool: join(dir, "amtool") };
}

/** Like prom/alertmanager: the same paths, user, entry point and arguments. */
export const alertmanagerImage: ImageRecipe = {
  tag: `vllm-observability-offline/alertmanager:v${VERSION}`,
  folder: "alertmanager",
  base: busyboxImage,
  ingredients: [JSON.stringify(programs)],
  context: async (report) => ({ bin: await ensureGoPrograms(programs, report) }),
};
