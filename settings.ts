import { isIP } from "node:net";
import { z } from "zod";
import { HIDDEN } from "./alertmanager/receivers.ts";
import { deliverySettings, referenceFaults } from "./alertmanager/settings.ts";
import { duration, milliseconds } from "./common/duration.ts";
import { thresholds } from "./dashboards/thresholds.ts";
import { commonBuckets } from "./prometheus/buckets.ts";
import { SHORTEST_WINDOW } from "./prometheus/rules/context.ts";
import { ruleSettings } from "./prometheus/rules/settings.ts";
import { address, targets, targetsJsonSchema } from "./prometheus/targets.ts";
import { objectives, thresholdFault, withWindow } from "./slo/objective.ts";
import { LONGEST_WINDOW } from "./slo/recorded.ts";
import { olderThan, RELEASES_READ, type Version } from "./vllm/index.ts";

/** The project's name, which is also the namespace of its configuration keys. */
export const PROJECT = "vllm-observability";

const OBJECT = { error: "is not a group of settings: set the keys inside it." };

const port = z
  .int({ error: "is not a port: give a whole number from 1 to 65535." })
  .min(1, {
    error: "is not a port: give a whole number from 1 to 65535.",
  })
  .max(65535, { error: "is not a port: give a whole number from 1 to 65535." });

/** An image with an exact tag or digest: without one, two machines would run different programs. */
const image = z
  .string({ error: 'is not an image: give "name:tag", such as "prom/prometheus:v3.13.3".' })
  .regex(
    /^[a-z0-9][a-z0-9./_-]*(:\d+\/[a-z0-9./_-]+)?(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w][\w.-]{0,127}@sha256:[0-9a-f]{64})$/,
    {
      error:
        'has no tag: give "name:tag" with an exact version, such as "prom/prometheus:v3.13.3".',
    },
  )
  .refine((text) => !text.endsWith(":latest"), {
    error: "moves with time: give an exact version as the tag instead of latest.",
  });

const memory = z
  .int({ error: "is not a memory limit: give whole MiB, 128 or more." })
  .min(128, { error: "is not a memory limit: give whole MiB, 128 or more." });

const NOT_A_RELEASE = {
  error: `is not a release: give one from "${RELEASES_READ[0]}" to "${RELEASES_READ.at(-1) ?? ""}", in quotes, since 0.10 without them is 0.1.`,
};

/** A minor release of vLLM, as text. */
const release = z
  .string(NOT_A_RELEASE)
  .regex(/^0\.\d+$/, NOT_A_RELEASE)
  .transform((text) => text as Version)
  .refine(
    (version) =>
      !olderThan(version, RELEASES_READ[0]) && !olderThan(RELEASES_READ.at(-1) ?? version, version),
    NOT_A_RELEASE,
  );

const settingsSchema = z
  .strictObject({
    targets: targets
      .describe(
        "The vLLM servers: a list of host:port or of { name, addresses, labels, scheme, metricsPath, scrapeInterval }, or host:port separated by commas. Seen from the Prometheus container, where host.docker.internal is this machine.",
      )
      .prefault(["host.docker.internal:8000"]),
    scrapeInterval: duration.default("5s").describe("How often each vLLM server is scraped."),
    evaluationInterval: duration
      .default("30s")
      .describe("How often Prometheus evaluates its rules."),
    histograms: z
      .enum(["classic", "native"], {
        error: 'is not a form of histograms: give "classic" or "native".',
      })
      .default("classic")
      .describe(
        "How vLLM's histograms are stored: classic, as exposed, or native, converted at each scrape, with a fifth of the series and any threshold in objectives; heatmaps then need Grafana 10 or newer.",
      ),
    retention: z
      .strictObject(
        {
          time: duration.default("30d").describe("How long samples are kept."),
          size: z
            .string({ error: 'is not a size: give a number with a unit, such as "10GB".' })
            .regex(/^[1-9]\d*(B|KB|MB|GB|TB|PB|EB)$/, {
              error:
                'is not a size: give a positive number with a unit (B, KB … EB), such as "10GB".',
            })
            .default("10GB")
            .describe("How much disk the samples may take; the oldest go first."),
        },
        OBJECT,
      )
      .prefault({})
      .describe("How long and how much Prometheus keeps."),
    bindAddress: z
      .string({ error: "is not an IP address: give one of this machine, such as 127.0.0.1." })
      .refine((text) => isIP(text) !== 0, {
        error: "is not an IP address: give one of this machine, such as 127.0.0.1.",
      })
      .default("127.0.0.1")
      .describe(
        "Address on which Prometheus and Grafana are published. Anything but a loopback address opens Prometheus, which has no login, to the network.",
      ),
    prometheus: z
      .strictObject(
        {
          port: port.default(9090).describe("Port on which Prometheus is published."),
          image: image
            .default("prom/prometheus:v3.13.3")
            .describe("Prometheus image; 3.13 is the line with long-term support."),
          memory: memory.default(1024).describe("Memory limit in MiB."),
          sampleLimit: z
            .int({ error: "is not a limit: give a whole number of samples, or 0 for none." })
            .min(0, { error: "is not a limit: give a whole number of samples, or 0 for none." })
            .default(50_000)
            .describe(
              "How many samples one scrape may bring; one with more is thrown away, and an alert tells. An engine has about 500. 0 is no limit.",
            ),
        },
        OBJECT,
      )
      .prefault({})
      .describe("The Prometheus server."),
    grafana: z
      .strictObject(
        {
          port: port.default(3000).describe("Port on which Grafana is published."),
          image: image
            .default("grafana/grafana:13.1.4")
            .describe("Grafana image; one with a shell, so neither -distroless nor -slim."),
          memory: memory.default(512).describe("Memory limit in MiB."),
          publicUrl: z
            .url({
              protocol: /^https?$/,
              error: 'is not a URL: give one such as "https://grafana.example.com".',
            })
            .transform((text) => text.replace(/\/+$/, ""))
            .optional()
            .describe(
              "URL by which people reach Grafana, where a proxy stands before it: links in alerts lead there. By default the published address and port.",
            ),
        },
        OBJECT,
      )
      .prefault({})
      .describe("The Grafana server."),
    alertmanager: z
      .strictObject(
        {
          port: port.default(9093).describe("Port on which Alertmanager is published."),
          image: image.default("prom/alertmanager:v0.34.2").describe("Alertmanager image."),
          memory: memory.default(128).describe("Memory limit in MiB."),
        },
        OBJECT,
      )
      .prefault({})
      .describe("The Alertmanager server, which is there where alerting.receivers are."),
    alerting: z
      .strictObject({ ...deliverySettings, ...ruleSettings }, OBJECT)
      .prefault({})
      .describe("What people are told, and who is."),
    vllm: z
      .strictObject(
        {
          oldestVersion: release
            .optional()
            .describe(
              'The oldest vLLM of the fleet, such as "0.9", if it is older than the newest names of metrics: boards then ask by the former names too.',
            ),
        },
        OBJECT,
      )
      .prefault({})
      .describe("What is known of the vLLM servers."),
    gpu: z
      .strictObject(
        {
          exporter: z
            .array(address, { error: 'is not a list: give "host:port" items.' })
            .default([])
            .describe(
              "GPU exporters (NVIDIA's dcgm-exporter): a list of host:port, scraped as the job gpu. With any, there is a GPU board.",
            ),
        },
        OBJECT,
      )
      .prefault({})
      .describe("The GPUs under the vLLM servers."),
    slo: z.strictObject({ objectives }, OBJECT).prefault({}).describe("Service level objectives."),
    thresholds,
    demo: z
      .boolean({ error: "is not a switch: give true or false." })
      .default(false)
      .describe("Adds a small fleet of made-up vLLM servers, to see the boards with data."),
    demoImage: image
      .default("node:24.21.0-alpine")
      .describe("Node image that the demo server runs in."),
  })
  .transform(({ slo, ...settings }) => ({
    ...settings,
    slo: {
      objectives: slo.objectives.map((given) => withWindow(given, settings.retention.time)),
    },
  }))
  .superRefine((settings, context) => {
    const complain = (path: PropertyKey[], input: unknown, message: string) => {
      context.addIssue({ code: "custom", path, input, message });
    };
    const { prometheus, grafana, alertmanager, alerting, histograms } = settings;
    if (prometheus.port === grafana.port) {
      complain(
        ["grafana", "port"],
        grafana.port,
        "is Prometheus's port too: give each service its own.",
      );
    }
    if (
      alerting.receivers.length > 0 &&
      [prometheus.port, grafana.port].includes(alertmanager.port)
    ) {
      complain(
        ["alertmanager", "port"],
        alertmanager.port,
        "is another service's port too: give each its own.",
      );
    }
    for (const { path, input, message } of referenceFaults(alerting)) {
      complain(["alerting", ...path], input, message);
    }
    const { time } = settings.retention;
    const keepsEnough = milliseconds(time) >= milliseconds(LONGEST_WINDOW);
    if (!keepsEnough && settings.slo.objectives.length > 0) {
      complain(
        ["retention", "time"],
        time,
        `is shorter than ${LONGEST_WINDOW}, over which the burn rates of objectives are measured: keep samples longer, or give slo.objectives: [] for none.`,
      );
    }
    const buckets = commonBuckets(settings.targets);
    for (const [index, objective] of settings.slo.objectives.entries()) {
      const path = ["slo", "objectives", index];
      const fault = histograms === "classic" ? thresholdFault(objective, buckets) : undefined;
      if (fault !== undefined) complain([...path, "threshold"], objective.threshold, fault);
      if (milliseconds(objective.window) < milliseconds(LONGEST_WINDOW) && keepsEnough) {
        complain(
          [...path, "window"],
          objective.window,
          `is shorter than the longest window of its burn rates: give ${LONGEST_WINDOW} or more, such as "30d".`,
        );
      }
    }
    const unkept = settings.slo.objectives.find(
      ({ window }) => milliseconds(window) > milliseconds(time),
    );
    if (unkept !== undefined && keepsEnough) {
      complain(
        ["retention", "time"],
        time,
        `is shorter than the window of the objective "${unkept.name}", which is ${unkept.window}: keep samples longer, or give the objective a shorter window, or none.`,
      );
    }
    const shortest = milliseconds(SHORTEST_WINDOW) * alerting.timeScale;
    for (const [path, interval] of scrapeIntervals(settings)) {
      if (2 * milliseconds(interval) <= shortest) continue;
      complain(
        path,
        interval,
        `is too long for the rules: two scrapes must fit in their shortest window, ${shortest / 1000} s.`,
      );
    }
    if (settings.targets.length === 0 && !settings.demo) {
      context.addIssue({
        code: "custom",
        path: ["targets"],
        input: [],
        message: 'is empty: give at least one "host:port", or set demo to true.',
      });
    }
  });

/** The intervals at which servers are scraped, by their key. */
function scrapeIntervals(settings: {
  scrapeInterval: string;
  targets: { scrapeInterval?: string | undefined }[];
}): [PropertyKey[], string][] {
  return [
    [["scrapeInterval"], settings.scrapeInterval],
    ...settings.targets.flatMap(({ scrapeInterval }, index): [PropertyKey[], string][] =>
      scrapeInterval === undefined ? [] : [[["targets", index, "scrapeInterval"], scrapeInterval]],
    ),
  ];
}

/** What the stack is told, validated, with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;

/** Thrown for settings that cannot be used; its message has one sentence per fault. */
export class SettingsError extends Error {}

/**
 * Parses a stack's configuration: keys without the project's namespace, values as written in
 * `Pulumi.<stack>.yaml`. Strict: a key that nobody reads is an error.
 *
 * @throws {SettingsError} naming each key at fault, its value, what is allowed and what to do.
 */
export function parseSettings(config: Record<string, unknown>): Settings {
  const result = settingsSchema.safeParse(config, { reportInput: true });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => sentences(issue, config));
  throw new SettingsError(
    ["The stack's settings cannot be used:", ...faults.map((fault) => `  ${fault}`)].join("\n"),
  );
}

/**
 * The same from the engine's view of the configuration, where keys have a namespace and every
 * value is text: JSON for objects and lists, the bare text otherwise. Keys of other namespaces
 * (the providers') are passed over.
 */
export function parseEngineConfig(config: Record<string, string>): Settings {
  const prefix = `${PROJECT}:`;
  return parseSettings(
    Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, text]) => [key.slice(prefix.length), valueOf(text)]),
    ),
  );
}

/** JSON Schema of the settings as people write them, without the namespace. */
export function settingsJsonSchema(): JSONSchema {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" });
  const { description, default: fallback } = schema.properties?.targets as JSONSchema;
  return {
    ...schema,
    properties: {
      ...schema.properties,
      targets: { ...targetsJsonSchema(), description, default: fallback } as JSONSchema,
    },
  };
}

type JSONSchema = z.core.JSONSchema.JSONSchema;

/** `true`, `9090`, `["a:1"]` and `{…}` are what they look like; anything else is a string. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** One sentence per fault: the key as far as the user wrote it, the value, and zod's message. */
function sentences(issue: z.core.$ZodIssue, config: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) =>
        `${keyOf([...issue.path, key], config)} is not a setting: remove it or correct its name (Pulumi.yaml lists them all).`,
    );
  }
  const value = isPrivate(issue.path) ? HIDDEN : shown(issue.input);
  return [`${keyOf(issue.path, config)}: ${value} ${issue.message}`];
}

/** The key in Pulumi's own notation, cut where the user's text has no such place. */
function keyOf(path: PropertyKey[], config: Record<string, unknown>): string {
  let place: unknown = config;
  let key = `${PROJECT}:`;
  for (const [index, part] of path.entries()) {
    const known = typeof place === "object" && place !== null && part in place;
    if (!known && (Array.isArray(place) || typeof place === "string")) break;
    key += typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`;
    place = known ? (place as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return key;
}

/** Whether a value is, or may hold, what only a receiver of alerts should know. */
function isPrivate(path: readonly PropertyKey[]): boolean {
  return path[0] === "alerting" && path[1] === "receivers" && path[3] !== "name";
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
