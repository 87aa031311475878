import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import { format } from "prettier";
import { parseDocument } from "yaml";
import { dashboardsDocument } from "../dashboards/dashboardsDocument.ts";
import { dashboards } from "../dashboards/index.ts";
import { ruleOptions } from "../plan.ts";
import { shortestScrapeTimeout } from "../prometheus/config.ts";
import { alertsDocument } from "../prometheus/rules/alertsDocument.ts";
import { alertMeanings } from "../prometheus/rules/index.ts";
import { incidentsTable } from "../lab/incidents/incidentsTable.ts";
import { parseSettings, PROJECT, settingsJsonSchema } from "../settings.ts";
import prettierStyle from "../.prettierrc.json" with { type: "json" };
import { PICTURES } from "./pictures.ts";
import { ROOT } from "../tools/project.ts";
import { settingsReference, topSettings } from "./settingsReference.ts";

/**
 * The generated files by path: the settings in `Pulumi.yaml`, the JSON Schema for editors, the
 * settings reference, the descriptions of alerts and dashboards, and the table of recorded incidents.
 * `node docs/generate.ts` writes them, and a test fails if one of them is outdated.
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
    "docs/settings.md": await format(settingsReference(), {
      parser: "markdown",
      ...prettierStyle,
    }),
    "docs/dashboards.md": dashboardsReference(),
    "docs/incidents.md": await format(
      withBetween(read("docs/incidents.md"), "incidents", incidentsTable()),
      { parser: "markdown", ...prettierStyle },
    ),
  };
}

/** The options with which every rule group is generated. */
function everything(): Parameters<typeof alertsDocument>[0] {
  return {
    ...ruleOptions(parseSettings({})),
    alertmanager: true,
    gpu: true,
    canary: true,
    remoteWrite: true,
  };
}

/** `Pulumi.yaml` with a new `config:` block and the required CLI version; the rest is kept. */
function projectFile(text: string): string {
  const document = parseDocument(text);
  document.set("requiredPulumiVersion", `>=${sdkVersion}`);
  document.set(
    "config",
    document.createNode(
      Object.fromEntries(
        topSettings().map(({ key, schema, fallback }) => [
          key,
          {
            // Pulumi has no union types: a setting that may be text or a list gets no type.
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

/** The description of all dashboards with default settings, a GPU exporter and a canary. */
function dashboardsReference(): string {
  const settings = parseSettings({});
  const { histograms, thresholds, slo } = settings;
  const pictures = Object.entries(PICTURES).map(([uid, { file }]) => [uid, `pictures/${file}`]);
  return dashboardsDocument(
    dashboards({
      ...{ histograms, thresholds, objectives: slo.objectives },
      longestScrapeInterval: 5,
      scrapeTimeout: shortestScrapeTimeout(settings),
      gpu: true,
      canary: true,
      alerts: alertMeanings(everything()),
    }),
    Object.fromEntries(pictures) as Record<string, string>,
  );
}

/** `text` with `part` between the comments `<!-- mark -->` and `<!-- /mark -->`. */
function withBetween(text: string, mark: string, part: string): string {
  return text.replace(
    new RegExp(`(<!-- ${mark} -->)[\\s\\S]*(<!-- /${mark} -->)`),
    (_, start: string, end: string) => `${start}\n\n${part}\n\n${end}`,
  );
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
