import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { parseEngineConfig, PROJECT, type Settings, SettingsError } from "../settings.ts";

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The stack that commands act on when none is named. */
export const DEFAULT_STACK = "dev";

/** The file that holds a stack's settings. */
export function stackFile(stack: string): string {
  return join(ROOT, `Pulumi.${stack}.yaml`);
}

/**
 * A stack's settings, read from its file as the engine would read them, but without the engine.
 *
 * @throws {SettingsError} for a stack that has no file, and for settings that cannot be used.
 */
export function readSettings(stack: string): Settings {
  if (!existsSync(stackFile(stack))) {
    throw new SettingsError(
      `There is no stack "${stack}": create Pulumi.${stack}.yaml with its settings (an empty file takes the defaults), or use one of ${stackNames().join(", ")}.`,
    );
  }
  const { config } = (parse(readFileSync(stackFile(stack), "utf8")) ?? {}) as {
    config?: Record<string, unknown> | null;
  };
  return parseEngineConfig(asTheEngineReads(config ?? {}));
}

/**
 * Takes the salt out of the file of a stack that is no more, so that the file is as its user wrote
 * it. The salt belongs to the passphrase of the stack's secrets; it stays where the file has some.
 */
export function forgetSalt(stack: string): void {
  const text = readFileSync(stackFile(stack), "utf8");
  if (/^\s+secure:/m.test(text)) return;
  writeFileSync(stackFile(stack), text.replace(/^encryptionsalt: .*\n?/m, ""));
}

/** The names of the stacks that have a file. */
function stackNames(): string[] {
  return readdirSync(ROOT)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined);
}

/**
 * The engine gives a program every value as text, and itself writes `demo: "true"` into the file
 * where a user wrote `demo: true`. A key without a namespace is the project's.
 */
function asTheEngineReads(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key : `${PROJECT}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
