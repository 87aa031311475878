import { join } from "node:path";
import type { Report } from "../../../tools/report.ts";
import { busyboxImage } from "./busybox.ts";
import { ensureGoPrograms, type GoPrograms } from "./goPrograms.ts";
import type { ImageRecipe } from "./image.ts";

/** The version of Prometheus to build: the same as in the stack's default image. */
const VERSION = "3.13.3";

/** The name with the version. */
export const PROMETHEUS_TITLE = `Prometheus ${VERSION}`;

const programs: GoPrograms = {
  title: PROMETHEUS_TITLE,
  module: "github.com/prometheus/prometheus",
  // Releases 3.x of Prometheus are versions 0.3xx of its module.
  version: "v0.313.3",
  sum: "h1:r/8xzZOJnZkYbTetV/T87kxCtwp/XIGxuaC3vFOXuuw=",
  commands: ["./cmd/prometheus", "./cmd/promtool"],
  // Static targets need no service discovery mechanisms; leaving them out saves most of the build.
  tags: ["netgo", "remove_all_sd"],
  variables: { "github.com/prometheus/common/version.Version": VERSION },
};

/**
 * Prometheus's server and `promtool` as programs for this machine, built from the released Go module
 * if the cache folder does not have them yet. They lack the web interface, whose assets are not in
 * the module, and every service discovery except `file` and `http`.
 */
export async function ensurePrometheusPrograms(
  report: Report,
): Promise<{ prometheus: string; promtool: string }> {
  const dir = await ensureGoPrograms(programs, report);
  return { prometheus: join(dir, "prometheus"), promtool: join(dir, "promtool") };
}

/** Like prom/prometheus: the same paths, user, entry point and arguments. */
export const prometheusImage: ImageRecipe = {
  tag: `vllm-observability-offline/prometheus:v${VERSION}`,
  folder: "prometheus",
  base: busyboxImage,
  ingredients: [JSON.stringify(programs)],
  context: async (report) => ({ bin: await ensureGoPrograms(programs, report) }),
};
