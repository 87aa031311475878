import { parseSettings, settingsJsonSchema } from "../settings.ts";

/** A setting at the top level, such as `prometheus`. */
export interface TopSetting {
  key: string;
  schema: Schema;
  /** The value that applies where the key is left out. */
  fallback: unknown;
}

export type Schema = ReturnType<typeof settingsJsonSchema>;

/** The settings at the top level, in the order of the schema. */
export function topSettings(): TopSetting[] {
  const { slo } = parseSettings({ targets: [{ addresses: ["gpu1:8000"], canary: true }] });
  const rest: Record<string, unknown> = parseSettings({});
  // The engine fills in defaults: a window written here would not follow the retention.
  const objectives = slo.objectives.map((one) => ({ ...one, window: undefined }));
  const defaults: Record<string, unknown> = { ...rest, slo: { objectives } };
  return Object.entries(settingsJsonSchema().properties ?? {}).map(([key, inner]) => ({
    key,
    schema: inner as Schema,
    // Users write targets in a simpler form than the parsed one.
    fallback: key === "targets" ? (inner as Schema).default : defaults[key],
  }));
}

/**
 * The text of `docs/settings.md`: a section per group of settings, a list item per setting. No
 * table, which Prettier would pad to the width of the longest description.
 */
export function settingsReference(): string {
  const settings = topSettings();
  const groups = settings.filter(({ schema }) => innerSettings(schema).length > 0);
  const single = settings.filter((setting) => !groups.includes(setting));
  return [
    "# Settings",
    INTRODUCTION,
    "## General",
    single.map(({ key, schema, fallback }) => item(key, schema, fallback)).join("\n"),
    ...groups.flatMap(({ key, schema, fallback }) => [
      `## ${key}`,
      schema.type === "object" ? schema.description : item(key, schema, fallback),
      items(key, schema, fallback).join("\n"),
    ]),
    "",
  ].join("\n\n");
}

const INTRODUCTION = `Written by \`node docs/generate.ts\` from the code. The settings of a stack are in \`Pulumi.<stack>.yaml\`, with the prefix \`vllm-observability:\`. Editors complete and check the file with \`schemas/stack.json\`. From the command line:

\`\`\`sh
npm run pulumi -- config set --path 'vllm-observability:prometheus.port' 9091 --stack dev
npm run up
\`\`\`

Unknown keys and invalid values are errors: \`npm run up\` and \`npm run preview\` report them, with the allowed values, before they change anything. \`[]\` in a name stands for each item of a list.`;

/**
 * The items of all settings inside a group or a list. Items of nested settings follow those of
 * their parent.
 */
function items(path: string, schema: Schema, fallback: unknown): string[] {
  return innerSettings(schema).flatMap(({ name, inner }) => {
    const key = `${path}${name}`;
    const value = innerValue(fallback, name) ?? inner.default;
    const nested = items(key, inner, value);
    // The settings inside a group show their own defaults.
    const isGroup = inner.type === "object" && nested.length > 0;
    return [item(key, inner, isGroup ? undefined : value), ...nested];
  });
}

function item(key: string, { description = "" }: Schema, fallback: unknown): string {
  const shown = shownDefault(fallback);
  return `- \`${key}\`${shown === undefined ? "" : ` (default ${shown})`}: ${description}`;
}

/** A short value as code; undefined for none. */
function shownDefault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? "see `Pulumi.yaml`" : `\`${text}\``;
}

function innerValue(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !name.startsWith(".")) return undefined;
  return (value as Record<string, unknown>)[name.slice(1)];
}

/** The settings inside a group, or inside each item of a list, that have a description. */
function innerSettings(schema: Schema): { name: string; inner: Schema }[] {
  const forms = [schema, ...(schema.anyOf ?? [])];
  return forms.flatMap((form) => {
    const own = Object.entries(form.properties ?? {}).map(([key, inner]) => ({
      name: `.${key}`,
      inner: inner as Schema,
    }));
    const list = form.items as Schema | undefined;
    const listed = list === undefined ? [] : innerSettings(list);
    return [...own, ...listed.map(({ name, inner }) => ({ name: `[]${name}`, inner }))].filter(
      ({ inner }) => inner.description !== undefined,
    );
  });
}
