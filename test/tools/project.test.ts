import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SettingsError } from "../../settings.ts";
import { configIn } from "../../tools/project.ts";

const FILE = "Pulumi.x.yaml";
const EXAMPLE =
  'settings are keys under "config:", as in\n  config:\n    vllm-observability:targets: gpu1:8000';

describe("configIn", () => {
  it("is what stands under config:, and nothing for an empty file", () => {
    const text = "encryptionsalt: v1:x\nconfig:\n  vllm-observability:demo: true\n";
    assert.deepEqual(configIn(text, FILE), { "vllm-observability:demo": true });
    assert.deepEqual(configIn("", FILE), {});
    assert.deepEqual(configIn("config:\n", FILE), {});
  });

  const mistakes: [what: string, text: string, message: string][] = [
    ["a list", "- a\n", `${FILE}: ${EXAMPLE}`],
    ["a text", "a\n", `${FILE}: ${EXAMPLE}`],
    ["a text as config", "config: a\n", `${FILE}: ${EXAMPLE}`],
    [
      "a setting without config:",
      "targets: a:8000\n",
      `${FILE}: unknown key "targets": ${EXAMPLE}`,
    ],
    [
      "a tab",
      "config:\n\ta: 1\n",
      `${FILE} is not valid YAML: Tabs are not allowed as indentation at line 2, column 1:\n\nconfig:\n\ta: 1\n^`,
    ],
  ];
  for (const [what, text, message] of mistakes) {
    it(`refuses ${what}, and says where`, () => {
      assert.throws(
        () => configIn(text, FILE),
        (error) => error instanceof SettingsError && error.message === message,
      );
    });
  }
});
