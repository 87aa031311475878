import { z } from "zod";
import { targetsJsonSchema } from "./prometheus/targets.ts";
import type { Fault } from "./common/schemaParts.ts";
import { faultsTogether, loopbackTargets } from "./settings/checks.ts";
import { unusableTexts } from "./settings/unusableText.ts";
import { schema, type Settings } from "./settings/stackSchema.ts";
import { sentences } from "./settings/errorSentences.ts";

export type { Settings };

/** The project's name, which is also the namespace of its configuration keys. */
export const PROJECT = "vllm-observability";

/** Thrown for invalid settings; its message has one sentence per fault. */
export class SettingsError extends Error {}

/**
 * Parses a stack's configuration: keys without the project's namespace, values as written in
 * `Pulumi.<stack>.yaml`. Strict: an unknown key is an error.
 *
 * @throws {SettingsError} that names each invalid key, its value, what is allowed and what to do.
 */
export function parseSettings(config: Record<string, unknown>): Settings {
  const unusable = unusableTexts(config);
  if (unusable.length > 0) throw invalid(unusable, config);
  const parse = (given: unknown) => checked.safeParse(given, { reportInput: true });
  const first = parse(config);
  const result = first.success ? first : parse(withDecimals(config, first.error.issues));
  if (result.success) return result.data;
  throw invalid(result.error.issues, config);
}

/**
 * Parses the configuration as the engine passes it: keys have a namespace, and every value is text, JSON
 * for objects and lists. Keys of the engine and the providers are ignored.
 *
 * @throws {SettingsError} like {@link parseSettings}; also for an unknown namespace, and for targets that
 * only a Prometheus outside a container could reach.
 */
export function parseEngineConfig(config: Record<string, string>): Settings {
  const prefix = `${PROJECT}:`;
  const stray = Object.keys(config).find(
    (key) => !key.startsWith(prefix) && !OTHER_NAMESPACES.test(key),
  );
  if (stray !== undefined) {
    throw new SettingsError(
      `${stray} is an unknown setting: this project's settings begin with "${prefix}".`,
    );
  }
  const own = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), valueOf(text)]),
  );
  const settings = parseSettings(own);
  const unreachable = loopbackTargets(settings);
  if (unreachable.length > 0) throw invalid(unreachable, own);
  return settings;
}

/** An error with one sentence for each fault. */
function invalid(
  issues: readonly (z.core.$ZodIssue | Fault)[],
  config: Record<string, unknown>,
): SettingsError {
  const faults = issues
    .flatMap((issue) => sentences(issue, config))
    .map((fault) => `  ${PROJECT}:${fault}`);
  return new SettingsError(["The stack's settings are invalid:", ...faults].join("\n"));
}

/**
 * Replaces text like "0.5" by a number where one is expected: `pulumi config set --path` stores decimals as
 * text.
 */
function withDecimals(config: Record<string, unknown>, issues: z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(config);
  for (const issue of issues) {
    if (issue.code !== "invalid_type" || issue.expected !== "number") continue;
    const group = issue.path.slice(0, -1).reduce<unknown>(child, copy);
    const key = issue.path.at(-1);
    if (key === undefined || !isDecimal(child(group, key))) continue;
    (group as Record<PropertyKey, unknown>)[key] = Number(child(group, key));
  }
  return copy;
}

function isDecimal(value: unknown): boolean {
  return typeof value === "string" && /^-?\d+\.\d+$/.test(value);
}

function child(group: unknown, key: PropertyKey): unknown {
  const isGroup = typeof group === "object" && group !== null;
  return isGroup ? (group as Record<PropertyKey, unknown>)[key] : undefined;
}

/** JSON Schema of the settings as people write them, without the namespace. */
export function settingsJsonSchema(): JSONSchema {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const { description, default: fallback } = json.properties?.targets as JSONSchema;
  return {
    ...json,
    properties: {
      ...json.properties,
      targets: { ...targetsJsonSchema(), description, default: fallback } as JSONSchema,
    },
  };
}

/** The schema with the checks that span several settings. */
const checked = schema.superRefine((settings, context) => {
  for (const fault of faultsTogether(settings)) context.addIssue({ code: "custom", ...fault });
});

/** Namespaces of the engine and of the providers that the program uses. */
const OTHER_NAMESPACES = /^(pulumi|docker|grafana|random):/;

type JSONSchema = z.core.JSONSchema.JSONSchema;

/** `true`, `9090`, `["a:1"]` and `{…}` are parsed as JSON; anything else is a string. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
