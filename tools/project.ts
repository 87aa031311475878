import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { parseStackYaml } from "./stackYaml.ts";
import { parseEngineConfig, PROJECT, type Settings, SettingsError } from "../settings.ts";

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The stack that commands use when none is named. */
export const DEFAULT_STACK = "dev";

/** The file that holds a stack's settings. */
export function stackFile(stack: string): string {
  return join(ROOT, `Pulumi.${stack}.yaml`);
}

/**
 * A stack's settings, read from its file in the same way as the engine, but without the engine.
 *
 * @throws {SettingsError} for a stack that has no file, and for invalid settings.
 */
export function readSettings(stack: string): Settings {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(stack)) {
    throw new SettingsError(
      `--stack: ${JSON.stringify(stack)} is not a stack's name: use letters, digits, dots, dashes and underscores, at most 100, and no dash or dot first.`,
    );
  }
  if (!existsSync(stackFile(stack))) {
    throw new SettingsError(
      `There is no stack "${stack}": create Pulumi.${stack}.yaml with its settings (an empty file takes the defaults), or use one of ${stackNames().join(", ")}.`,
    );
  }
  const text = readFileSync(stackFile(stack), "utf8");
  return parseEngineConfig(asTheEngineReads(configIn(text, `Pulumi.${stack}.yaml`)));
}

/**
 * The mapping under `config:` in the text of a stack's file.
 *
 * @throws {SettingsError} naming the file, for invalid YAML and for unknown keys next to `config:`,
 * which the engine would silently ignore.
 */
export function configIn(text: string, file: string): Record<string, unknown> {
  const content = parseStackYaml(text, file) ?? {};
  const config: unknown = isGroup(content) ? (content.config ?? {}) : undefined;
  const example = `settings are keys under "config:", as in\n  config:\n    ${PROJECT}:targets: gpu1:8000`;
  if (!isGroup(content) || !isGroup(config)) throw new SettingsError(`${file}: ${example}`);
  const stray = Object.keys(content).find((key) => !ENGINE_KEYS.includes(key));
  if (stray !== undefined) {
    throw new SettingsError(`${file}: unknown key "${stray}": ${example}`);
  }
  const named = Object.keys(config).map(withNamespace);
  const twice = named.find((key, index) => named.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new SettingsError(
      `${file} has ${twice} twice, with and without "${PROJECT}:": keep one of them.`,
    );
  }
  return config;
}

/**
 * Runs `work`, in which the engine writes the salt of its passphrase into the stack's file, and then
 * restores the text of the file. So no command changes a file under version control, even if it ends
 * this process. The engine needs the salt there only to decrypt secrets in the file; the state has a
 * copy.
 */
export async function keepStackFile<T>(stack: string, work: () => Promise<T>): Promise<T> {
  const file = stackFile(stack);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const restore = () => {
    const after = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (after !== before && isOnlySalted(before, after)) writeFileSync(file, before);
  };
  process.once("exit", restore);
  try {
    return await work();
  } finally {
    process.off("exit", restore);
    restore();
  }
}

/** Whether `after` differs from `before`, a stack's file without secrets, only by a salt. */
export function isOnlySalted(before: string, after: string): boolean {
  if (/^\s+secure:/m.test(after)) return false;
  const { encryptionsalt, ...rest } = contentOf(after);
  return encryptionsalt !== undefined && isDeepStrictEqual(rest, contentOf(before));
}

/** The content of a stack's file as the engine reads it. */
function contentOf(text: string): Record<string, unknown> {
  const { config, ...rest } = (parse(text) ?? {}) as Record<string, unknown>;
  return { ...rest, config: asTheEngineReads(isGroup(config) ? config : {}) };
}

/** The keys that the engine reads in a stack's file. */
const ENGINE_KEYS = ["config", "encryptionsalt", "encryptedkey", "environment", "secretsprovider"];

/** The names of the stacks that have a file. */
function stackNames(): string[] {
  return readdirSync(ROOT)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined);
}

/**
 * The engine passes every value to a program as text, and writes `demo: "true"` into the file if a
 * user wrote `demo: true`. A key without a namespace belongs to the project.
 */
function asTheEngineReads(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      withNamespace(key),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function withNamespace(key: string): string {
  return key.includes(":") ? key : `${PROJECT}:${key}`;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
