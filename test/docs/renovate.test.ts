import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import renovate from "../../renovate.json" with { type: "json" };
import { ROOT } from "../../tools/project.ts";

/** The names of the dependencies that the custom managers of Renovate find in a file. */
function found(path: string): string[] {
  return renovate.customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path)),
    )
    .flatMap(({ matchStrings }) => matchStrings)
    .flatMap((regex) => [
      ...readFileSync(join(ROOT, path), "utf8").matchAll(new RegExp(regex, "g")),
    ])
    .map(({ groups }) => groups?.depName ?? "");
}

it("lets Renovate find every pinned image and Go module", () => {
  const images = ["prom/prometheus", "grafana/grafana", "prom/alertmanager", "node"];
  assert.deepEqual(found("settings/stackSchema.ts"), [...images, "node"]);
  assert.deepEqual(found("test/e2e/lab.ts"), images);
  assert.deepEqual(found("lab/kit/images/prometheus.ts"), ["github.com/prometheus/prometheus"]);
  assert.deepEqual(found("lab/kit/images/alertmanager.ts"), ["github.com/prometheus/alertmanager"]);
});
