import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { parseEngineConfig, parseSettings } from "../settings.ts";

describe("parseEngineConfig", () => {
  it("treats values that the engine fills in from Pulumi.yaml as defaults, with any retention", () => {
    const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
      config: Record<string, { default?: unknown }>;
    };
    const filledIn = Object.entries(config).flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[`vllm-observability:${key}`, asText(value)]],
    );
    const shorter = { "vllm-observability:retention": '{"time":"15d"}' };
    const defaults = Object.fromEntries(filledIn) as Record<string, string>;
    assert.deepEqual(parseEngineConfig(defaults), parseSettings({}));
    assert.deepEqual(
      parseEngineConfig({ ...defaults, ...shorter }),
      parseSettings({ retention: { time: "15d" } }),
    );
  });

  it("rejects an unknown namespace", () => {
    assert.throws(() => parseEngineConfig({ "vllm-observabilty:targets": "a:1" }), {
      message:
        'vllm-observabilty:targets is an unknown setting: this project\'s settings begin with "vllm-observability:".',
    });
  });

  for (const [address, port] of [
    ["localhost:8000", 8000],
    ["LOCALHOST:1", 1],
    ["127.0.0.1:8000", 8000],
    ["127.9.9.9:8000", 8000],
    ["0.0.0.0:8000", 8000],
    ["[::1]:8000", 8000],
    ["[::]:8000", 8000],
  ] as const) {
    it(`rejects the target ${address}, which is the Prometheus container itself`, () => {
      assert.throws(() => parseEngineConfig({ "vllm-observability:targets": address }), {
        message: `The stack's settings are invalid:\n  vllm-observability:targets: "${address}" is the Prometheus container itself: for a server on this machine give "host.docker.internal:${port}", and let it listen on 0.0.0.0.`,
      });
    });
  }

  it("accepts other addresses of this machine, and names that only start like a rejected one", () => {
    const targets = [
      "host.docker.internal:8000",
      "localhost.example:1",
      "128.0.0.1:1",
      "[fe80::1]:1",
    ];
    const config = { "vllm-observability:targets": JSON.stringify(targets) };
    assert.deepEqual(parseEngineConfig(config), parseSettings({ targets }));
  });

  it("reads the engine's text values and ignores the providers' namespaces", () => {
    assert.deepEqual(
      parseEngineConfig({
        "vllm-observability:targets": "a:8000,b:8000",
        "vllm-observability:demo": "true",
        "vllm-observability:prometheus": '{"port":9091}',
        "docker:host": "ssh://elsewhere",
      }),
      parseSettings({ targets: "a:8000,b:8000", demo: true, prometheus: { port: 9091 } }),
    );
  });
});

/** A value as the engine passes it to a program. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
