import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { parseDocument } from "yaml";
import { document } from "../dashboards/document.ts";
import { dashboards } from "../dashboards/index.ts";
import { ruleOptions } from "../plan.ts";
import { shortestScrapeTimeout } from "../prometheus/config.ts";
import { alertsDocument } from "../prometheus/rules/document.ts";
import { alertMeanings } from "../prometheus/rules/meanings.ts";
import { incidentsTable } from "../lab/incidents/document.ts";
import { parseSettings, PROJECT, settingsJsonSchema } from "../settings.ts";
import prettierStyle from "../.prettierrc.json" with { type: "json" };
import { PICTURES } from "./pictures.ts";
import { ROOT } from "../tools/project.ts";

/**
 * The files that follow from the code, by path: the settings in `Pulumi.yaml`, the JSON Schema for
 * editors, the settings table of the README, the descriptions of the alerts and of the boards, and
 * the table of the recorded incidents.
 * `node docs/generate.ts` writes them, and a test fails while one of them is behind.
 */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "Pulumi.yaml": await format(projectFile(read("Pulumi.yaml")), {
      parser: "yaml",
      ...prettierStyle,
    }),
    "schemas/stack.json": await format(JSON.stringify(stackFileSchema()), {
      parser: "json",
      ...prettierStyle,
    }),
    "docs/alerts.md": await format(alertsDocument(everything()), {
      parser: "markdown",
      ...prettierStyle,
    }),
    "README.md": await format(withTable(read("README.md")), {
      parser: "markdown",
      ...prettierStyle,
    }),
    "docs/dashboards.md": boardsDocument(),
    "docs/incidents.md": await format(
      withBetween(read("docs/incidents.md"), "incidents", incidentsTable()),
      { parser: "markdown", ...prettierStyle },
    ),
  };
}

/** What the rules are made of where nothing is left out. */
function everything(): Parameters<typeof alertsDocument>[0] {
  return { ...ruleOptions(parseSettings({})), alertmanager: true, gpu: true, canary: true };
}

type Schema = ReturnType<typeof settingsJsonSchema>;

/** `Pulumi.yaml` with its `config:` block made anew; the rest is kept. */
function projectFile(text: string): string {
  const document = parseDocument(text);
  document.set(
    "config",
    document.createNode(
      Object.fromEntries(
        settingsOf(settingsJsonSchema()).map(({ key, schema, fallback }) => [
          key,
          {
            // Pulumi knows no alternatives: a setting that may be text or a list has no type here.
            ...(schema.type === undefined ? {} : { type: schema.type }),
            description: schema.description,
            default: fallback,
          },
        ]),
      ),
    ),
  );
  return document.toString();
}

/** JSON Schema of `Pulumi.<stack>.yaml`, for completion and checks in editors. */
function stackFileSchema(): object {
  const { $schema, properties, ...settings } = settingsJsonSchema();
  return {
    $schema,
    type: "object",
    properties: {
      config: {
        ...settings,
        properties: Object.fromEntries(
          Object.entries(properties ?? {}).map(([key, schema]) => [`${PROJECT}:${key}`, schema]),
        ),
        // Settings of the providers, such as docker:host.
        patternProperties: { [`^(?!${PROJECT}:)[a-z0-9-]+:`]: {} },
        additionalProperties: false,
      },
    },
  };
}

/** What every panel of every board means, as a stack of default settings has them. */
function boardsDocument(): string {
  const settings = parseSettings({});
  const { histograms, thresholds, slo } = settings;
  const pictures = Object.entries(PICTURES).map(([uid, { file }]) => [uid, `pictures/${file}`]);
  return document(
    dashboards({
      ...{ histograms, thresholds, objectives: slo.objectives },
      scrapeTimeout: shortestScrapeTimeout(settings),
      gpu: true,
      canary: true,
      alerts: alertMeanings(everything()),
    }),
    Object.fromEntries(pictures) as Record<string, string>,
  );
}

/** The README with its settings table made anew, between its two markers. */
function withTable(readme: string): string {
  const rows = settingsOf(settingsJsonSchema()).flatMap(({ key, schema, fallback }) =>
    schema.properties === undefined || schema.type !== "object"
      ? [[key, fallback, schema.description]]
      : Object.entries(schema.properties).map(([inner, innerSchema]) => [
          `${key}.${inner}`,
          (fallback as Record<string, unknown>)[inner],
          (innerSchema as Schema).description,
        ]),
  );
  const table = [
    "| setting | default | meaning |",
    "| --- | --- | --- |",
    ...rows.map(
      ([key, fallback, text]) =>
        `| \`${String(key)}\` | ${shownDefault(fallback)} | ${String(text)} |`,
    ),
  ].join("\n");
  return withBetween(readme, "settings", table);
}

/** A text with another part between the two comments that mark it. */
function withBetween(text: string, mark: string, part: string): string {
  return text.replace(
    new RegExp(`(<!-- ${mark} -->)[\\s\\S]*(<!-- /${mark} -->)`),
    (_, start: string, end: string) => `${start}\n\n${part}\n\n${end}`,
  );
}

function shownDefault(value: unknown): string {
  if (value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? "see `Pulumi.yaml`" : `\`${text}\``;
}

function settingsOf(schema: Schema) {
  const { slo } = parseSettings({ targets: [{ addresses: ["gpu1:8000"], canary: true }] });
  const rest: Record<string, unknown> = parseSettings({});
  // The engine fills defaults in: a window that is written here would not follow the retention.
  const objectives = slo.objectives.map((one) => ({ ...one, window: undefined }));
  const defaults: Record<string, unknown> = { ...rest, slo: { objectives } };
  return Object.entries(schema.properties ?? {}).map(([key, inner]) => ({
    key,
    schema: inner as Schema,
    // Targets are written more simply than they are kept.
    fallback: key === "targets" ? (inner as Schema).default : defaults[key],
  }));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(path);
  }
}
