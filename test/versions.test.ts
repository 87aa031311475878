/** Versions agree if they are in several places because different programs read them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { images } from "../lab/kit/images/index.ts";
import { requiredPlugins } from "../cli/setup/plugins.ts";
import { grafanaPlugin } from "../lab/kit/plugins/grafana/index.ts";
import { dockerPlugin } from "../lab/kit/plugins/docker/index.ts";
import { randomPlugin } from "../lab/kit/plugins/random.ts";
import manifest from "../package.json" with { type: "json" };
import { parseSettings } from "../settings.ts";
import checksums from "../tools/checksums.json" with { type: "json" };

const defaults = parseSettings({});
const tagOf = (image: string) => image.slice(image.indexOf(":") + 1);

it("the offline kit builds the default Prometheus and Alertmanager", () => {
  assert.equal(tagOf(images.prometheus), tagOf(defaults.prometheus.image));
  assert.equal(tagOf(images.alertmanager), tagOf(defaults.alertmanager.image));
});

it("the PromQL checker uses the grammar of the default Prometheus", () => {
  // Prometheus release 3.x is version 0.3xx of its packages.
  const [, minor = "", patch] = /^v3\.(\d+)\.(\d+)$/.exec(tagOf(defaults.prometheus.image)) ?? [];
  const grammar = manifest.devDependencies["@prometheus-io/lezer-promql"];
  assert.equal(grammar, `0.3${minor.padStart(2, "0")}.${patch}`);
});

it("containers run the Node version that the commands download", () => {
  const version = readFileSync(new URL("../.node-version", import.meta.url), "utf8").trim();
  assert.equal(tagOf(defaults.canary.image), `${version}-alpine`);
  assert.equal(tagOf(defaults.demoImage), `${version}-alpine`);
});

it("checksums match the Node and Pulumi CLI versions that the commands download", () => {
  const node = readFileSync(new URL("../.node-version", import.meta.url), "utf8").trim();
  assert.equal(checksums.node.version, node);
  assert.equal(checksums.pulumi.version, manifest.dependencies["@pulumi/pulumi"]);
});

it("the kit's plugins have the versions that the SDKs require", () => {
  assert.deepEqual(
    [dockerPlugin, randomPlugin, grafanaPlugin].map(({ name, version }) => ({ name, version })),
    requiredPlugins().map(({ name, version }) => ({ name, version })),
  );
});
