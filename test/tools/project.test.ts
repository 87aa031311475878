import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SettingsError } from "../../settings.ts";
import { configIn, isOnlySalted } from "../../tools/project.ts";

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

describe("isOnlySalted", () => {
  const BEFORE = "# A comment.\nconfig:\n  vllm-observability:demo: true\n";

  it("is true where the engine has added its salt, in whatever layout", () => {
    assert.equal(isOnlySalted(BEFORE, `encryptionsalt: v1:x\n${BEFORE}`), true);
    assert.equal(
      isOnlySalted(BEFORE, `encryptionsalt: v1:x\n${BEFORE.replace("true", '"true"')}`),
      true,
    );
    assert.equal(isOnlySalted("", "encryptionsalt: v1:x\n"), true);
    assert.equal(isOnlySalted("config: {}\n", "encryptionsalt: v1:x\n"), true);
  });
  it("is false where a setting has changed, or a secret needs the salt", () => {
    const changed = BEFORE.replace("true", "false");
    assert.equal(isOnlySalted(BEFORE, `encryptionsalt: v1:x\n${changed}`), false);
    assert.equal(isOnlySalted(BEFORE, BEFORE), false);
    const secret = "config:\n  vllm-observability:key:\n    secure: v1:y\n";
    assert.equal(isOnlySalted(secret, `encryptionsalt: v1:x\n${secret}`), false);
  });
});
