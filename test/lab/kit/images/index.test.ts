import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { parse } from "yaml";
import { images } from "../../../../lab/kit/images/index.ts";
import { parseSettings } from "../../../../settings.ts";

it("builds the images that the offline stack names", () => {
  const file = readFileSync(new URL("../../../../Pulumi.offline.yaml", import.meta.url), "utf8");
  const { config } = parse(file) as { config: Record<string, unknown> };
  assert.deepEqual(
    {
      prometheus: config["vllm-observability:prometheus"],
      grafana: config["vllm-observability:grafana"],
      node: config["vllm-observability:demoImage"],
    },
    {
      prometheus: { image: images.prometheus },
      grafana: { image: images.grafana },
      node: images.node,
    },
  );
});

it("builds the Prometheus version that stacks use by default", () => {
  const { prometheus } = parseSettings({});
  assert.equal(images.prometheus.split(":")[1], prometheus.image.split(":")[1]);
});
