import Docker from "dockerode";
import type { Report } from "../../tools/setup/report.ts";
import { grafana } from "./grafana.ts";
import { ensureImages as ensureRecipes } from "./image.ts";
import { node } from "./node.ts";
import { prometheus } from "./prometheus.ts";

export { ensurePrometheusPrograms } from "./prometheus.ts";

/** The tags of the local images. They never change: `Pulumi.offline.yaml` names them. */
export const images = {
  prometheus: prometheus.tag,
  grafana: grafana.tag,
  node: node.tag,
};

/**
 * Makes the local images that stand in for those of the registries, on the Docker host that
 * `docker` talks to. What is there and up to date is left alone, which takes no time.
 */
export async function ensureImages(report: Report, docker = new Docker()): Promise<typeof images> {
  if (process.platform !== "linux") {
    throw new Error(
      "The offline kit makes its images from this machine's own programs, so it needs Linux.",
    );
  }
  await ensureRecipes(docker, [prometheus, grafana, node], report);
  return images;
}
