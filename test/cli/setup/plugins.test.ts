import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingPlugins, requiredPlugins } from "../../../cli/setup/plugins.ts";

describe("requiredPlugins", () => {
  it("are the plugins of the SDKs, with their download server", () => {
    assert.deepEqual(
      requiredPlugins().map(({ name, server }) => ({ name, server })),
      [
        { name: "docker", server: undefined },
        { name: "random", server: undefined },
        { name: "grafana", server: "github://api.github.com/pulumiverse" },
      ],
    );
    for (const { version } of requiredPlugins()) assert.match(version, /^\d+\.\d+\.\d+$/);
  });
});

describe("missingPlugins", () => {
  const docker = { name: "docker", version: "5.2.0" };
  const random = { name: "random", version: "4.21.2" };

  it("are the plugins that are not installed in exactly the required version", () => {
    assert.deepEqual(missingPlugins([docker, random], [docker, random]), []);
    assert.deepEqual(missingPlugins([docker, random], []), [docker, random]);
    assert.deepEqual(missingPlugins([docker], [{ name: "docker", version: "5.1.0" }]), [docker]);
    assert.deepEqual(missingPlugins([docker], [{ name: "random", version: "5.2.0" }]), [docker]);
  });
});
