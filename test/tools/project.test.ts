import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SettingsError } from "../../settings.ts";
import { configIn, isOnlySalted, readSettings } from "../../tools/project.ts";

const FILE = "Pulumi.x.yaml";
const EXAMPLE =
  'settings are keys under "config:", as in\n  config:\n    vllm-observability:targets: gpu1:8000';

/** Expands to 10^10 values. */
const EXPLODING = `[&a0 [1], ${Array.from({ length: 9 }, (_, index) => `&a${index + 1} [${Array(10).fill(`*a${index}`).join(", ")}]`).join(", ")}]`;

describe("configIn", () => {
  it("is the content of config:, and nothing for an empty file", () => {
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
    [
      "a key twice, with the namespace and without",
      "config:\n  targets: a:1\n  vllm-observability:targets: b:1\n",
      `${FILE} has vllm-observability:targets twice, with and without "vllm-observability:": keep one of them.`,
    ],
    ...["&a [*a]", "*nowhere", EXPLODING].map((value): [string, string, string] => [
      `the alias ${value.slice(0, 20)}`,
      `config:\n  targets: ${value}\n`,
      `${FILE} has an alias (*name) without its anchor (&name), within it, or too many of them: write the values out.`,
    ]),
    ...["017000", "0b11", "1_000", "2026-01-01", "2026-01-01 10:00:00"].map(
      (value): [string, string, string] => [
        `${value}, which versions of YAML read differently`,
        `config:\n  targets: ${value}\n`,
        `${FILE}, line 2, has a value that versions of YAML read differently, such as 017, 1_000 or 2026-01-01: put it in quotes for a text, or write a decimal number.`,
      ],
    ),
  ];
  for (const [what, text, message] of mistakes) {
    it(`rejects ${what}, and says where`, () => {
      assert.throws(
        () => configIn(text, FILE),
        (error) => error instanceof SettingsError && error.message === message,
      );
    });
  }
});

describe("YAML that all versions read in the same way", () => {
  it("is accepted unchanged", () => {
    const text =
      'config: {a: 0, b: 10, c: 0.10, d: "017", e: 1e3, f: 22:00, g: v1_0, h: gpu-01:8000}';
    assert.deepEqual(configIn(text, FILE), {
      ...{ a: 0, b: 10, c: 0.1, d: "017", e: 1000, f: "22:00", g: "v1_0", h: "gpu-01:8000" },
    });
  });
  it("includes an alias after its anchor", () => {
    const text = "config:\n  a: &x [1]\n  b: *x\n";
    assert.deepEqual(configIn(text, FILE), { a: [1], b: [1] });
  });
});

describe("readSettings", () => {
  for (const name of ["a b", "bäd", "-x", "../dev", "", "x".repeat(101)]) {
    it(`rejects the stack name ${JSON.stringify(name.slice(0, 10))}`, () => {
      assert.throws(() => readSettings(name), {
        message: `--stack: ${JSON.stringify(name)} is not a stack's name: use letters, digits, dots, dashes and underscores, at most 100, and no dash or dot first.`,
      });
    });
  }
  it("looks for the file of a name of 100 characters", () => {
    assert.throws(() => readSettings("x".repeat(100)), /There is no stack "x{100}"/);
  });
});

describe("isOnlySalted", () => {
  const BEFORE = "# A comment.\nconfig:\n  vllm-observability:demo: true\n";

  it("is true if the engine has added its salt, in any layout", () => {
    assert.equal(isOnlySalted(BEFORE, `encryptionsalt: v1:x\n${BEFORE}`), true);
    assert.equal(
      isOnlySalted(BEFORE, `encryptionsalt: v1:x\n${BEFORE.replace("true", '"true"')}`),
      true,
    );
    assert.equal(isOnlySalted("", "encryptionsalt: v1:x\n"), true);
    assert.equal(isOnlySalted("config: {}\n", "encryptionsalt: v1:x\n"), true);
  });
  it("is false if a setting has changed, or a secret needs the salt", () => {
    const changed = BEFORE.replace("true", "false");
    assert.equal(isOnlySalted(BEFORE, `encryptionsalt: v1:x\n${changed}`), false);
    assert.equal(isOnlySalted(BEFORE, BEFORE), false);
    const secret = "config:\n  vllm-observability:key:\n    secure: v1:y\n";
    assert.equal(isOnlySalted(secret, `encryptionsalt: v1:x\n${secret}`), false);
  });
});
