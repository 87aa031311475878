import Docker from "dockerode";
import { Failure } from "../../../tools/failure.ts";
import type { Report } from "../../../tools/report.ts";
import { alertmanagerImage } from "./alertmanager.ts";
import { grafanaImage } from "./grafana.ts";
import { ensureRecipes } from "./image.ts";
import { nodeImage } from "./node.ts";
import { prometheusImage } from "./prometheus.ts";

export { ensureAlertmanagerPrograms } from "./alertmanager.ts";
export { ensurePrometheusPrograms, PROMETHEUS_TITLE } from "./prometheus.ts";

const recipes = {
  prometheus: prometheusImage,
  grafana: grafanaImage,
  node: nodeImage,
  alertmanager: alertmanagerImage,
};

/** An image of the kit, named after the image that it stands in for. */
export type ImageName = keyof typeof recipes;

/** The tags of the local images. They never change: `Pulumi.offline.yaml` names them. */
export const images: Record<ImageName, string> = {
  prometheus: prometheusImage.tag,
  grafana: grafanaImage.tag,
  node: nodeImage.tag,
  alertmanager: alertmanagerImage.tag,
};

/**
 * Builds the named local images, which stand in for registry images, on the Docker host that `docker`
 * talks to; by default the images that every offline stack uses. Images that exist and are up to date
 * are skipped, which takes no time.
 */
export async function ensureImages(
  report: Report,
  names: ImageName[] = ["prometheus", "grafana", "node"],
  docker = new Docker(),
): Promise<void> {
  if (process.platform !== "linux") {
    throw new Failure(
      "The offline kit makes its images from this machine's own programs, so it needs Linux.",
    );
  }
  await ensureRecipes(
    docker,
    names.map((name) => recipes[name]),
    report,
  );
}
