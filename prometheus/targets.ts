import { isIP } from "node:net";
import { z } from "zod";
import { canarySetting, canaryJsonSchema, type CanarySettings } from "../canary/canarySettings.ts";
import { duration } from "../common/duration.ts";
import { DEMO_JOB, OTHER_JOBS } from "../common/jobs.ts";
import { needed, text } from "../common/schemaParts.ts";
import { urlFault } from "../common/webUrl.ts";
import type { CustomBuckets } from "../vllm/index.ts";
import { customBuckets } from "./buckets.ts";
import { checkOneLogin, type HttpClient, httpClientSettings } from "./httpClient.ts";
import { labels } from "./labels.ts";

/** The job of targets given as bare addresses; the name is that of vLLM's own example. */
const DEFAULT_JOB = "vllm";

/** Jobs that the stack itself uses; a target group cannot take their names. */
const RESERVED_JOBS = [...OTHER_JOBS, DEMO_JOB];

/** One scrape job: servers that are scraped in the same way. */
export interface TargetGroup extends HttpClient {
  /** The `job` label of every series that comes from these servers. */
  job: string;
  /** `host:port` of each server, as seen from the Prometheus container. */
  addresses: string[];
  /** Labels that every series from these servers carries besides `job` and `instance`. */
  labels: Record<string, string>;
  scheme: "http" | "https";
  metricsPath: string;
  /** Query parameters of the metrics page. */
  params?: Record<string, string> | undefined;
  /** Set only if it differs from the stack's. */
  scrapeInterval?: string | undefined;
  /** The value of these servers' flag `--custom-histogram-buckets`. */
  customBuckets?: CustomBuckets | undefined;
  /** How the canary probes these servers, if it does. */
  canary?: CanarySettings | undefined;
}

/** `host:port` as seen from the Prometheus container. */
export const address = z
  .string({ error: 'is not an address: give "host:port", such as "gpu1:8000".' })
  .superRefine((text, context) => {
    const fault = addressFault(text);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });

const NOT_A_PATH = {
  error: 'is not a path: give one that starts with "/", such as "/metrics".',
};

const group = z
  .strictObject({
    name: z
      .string({ error: "is not a name: give a text; it becomes the job label." })
      .regex(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/, {
        error: "is not a name: use letters, digits, dots, dashes and underscores.",
      })
      .optional()
      .describe("Value of the `job` label of these servers. Default: `vllm`."),
    addresses: z
      .array(address, needed("a list", 'a list of "host:port"'))
      .min(1, { error: 'is empty: give at least one "host:port".' })
      .describe("`host:port` of each server, as seen from the Prometheus container."),
    labels: labels.default({}).describe("Labels added to all series of these servers."),
    scheme: z
      .enum(["http", "https"], { error: 'is not a scheme: give "http" or "https".' })
      .default("http")
      .describe("`http` or `https`."),
    metricsPath: z
      .string(NOT_A_PATH)
      .regex(/^\/\S*$/, { ...NOT_A_PATH, abort: true })
      .refine((path) => !/[?#]/.test(path), {
        error:
          "has a query or a fragment, which Prometheus would escape: give the path alone, and a query as params.",
        abort: true,
      })
      .refine((path) => urlFault(`http://host${path}`) === undefined, {
        error:
          'contains a character that a URL cannot contain: escape it, as in "%20" for a space.',
      })
      .default("/metrics")
      .describe("Path of the metrics page."),
    params: z
      .record(z.string(), text("a value"), {
        error:
          "is not a set of parameters: give names with values, such as { format: prometheus }.",
      })
      .optional()
      .describe("Query parameters of the metrics page, such as { format: prometheus }."),
    ...httpClientSettings,
    scrapeInterval: duration
      .optional()
      .describe("Scrape interval of these servers. Default: the setting scrapeInterval."),
    customBuckets: customBuckets.optional(),
    canary: canarySetting,
  })
  .superRefine(checkOneLogin)
  .superRefine(({ scheme, tls }, context) => {
    if (tls === undefined || scheme === "https") return;
    context.addIssue({
      code: "custom",
      path: ["scheme"],
      input: scheme,
      message: 'has no TLS, but tls is set: give "https", or remove tls.',
    });
  })
  .transform(({ name, ...rest }): TargetGroup => ({ job: name ?? DEFAULT_JOB, ...rest }));

/**
 * The setting `targets`: a list whose items are `host:port` or a group of servers, or one
 * comma-separated string of `host:port` (what `pulumi config set targets a:8000,b:8000` stores).
 * Bare addresses form one group, the job `vllm`, which comes first.
 */
export const targetsSetting = z
  .preprocess(
    grouped,
    z.array(group, {
      error:
        'is not a list of targets: give "host:port" items, or "host:port" separated by commas.',
    }),
  )
  .pipe(z.custom<TargetGroup[]>().superRefine(checkTogether));

/** JSON Schema of the forms in which people write the setting. */
export function targetsJsonSchema(): z.core.JSONSchema.JSONSchema {
  const groupSchema = z.toJSONSchema(group, { io: "input", unrepresentable: "any" });
  delete groupSchema.$schema;
  groupSchema.properties = { ...groupSchema.properties, canary: canaryJsonSchema() };
  const item = { anyOf: [{ type: "string" as const }, groupSchema] };
  return { anyOf: [{ type: "string" }, { type: "array", items: item }] };
}

function checkTogether(groups: TargetGroup[], context: z.RefinementCtx): void {
  const complain = (input: string, message: string) => {
    context.addIssue({ code: "custom", input, message });
  };
  const jobs = new Set<string>();
  const seen = new Set<string>();
  for (const { job, addresses, metricsPath } of groups) {
    if (RESERVED_JOBS.includes(job)) {
      complain(job, "is a name that the stack itself uses: choose another name for the group.");
    } else if (jobs.has(job)) {
      complain(
        job,
        job === DEFAULT_JOB
          ? "is the name of two groups (bare addresses and groups without a name are called so): give each its own name."
          : "is the name of two groups: give each its own name.",
      );
    }
    jobs.add(job);
    for (const one of addresses) {
      // A proxy may use a different path for each server.
      const page = `${oneSpelling(one)}${metricsPath}`;
      if (seen.has(page)) complain(one, LISTED_TWICE);
      seen.add(page);
    }
  }
}

const LISTED_TWICE = "is listed twice, which would count it twice: keep one.";

/** Checks that no two addresses of a list are the same. */
export function checkOnce(given: string[], context: z.RefinementCtx): void {
  for (const [index, one] of given.entries()) {
    const spelling = oneSpelling(one);
    if (given.findIndex((other) => oneSpelling(other) === spelling) === index) continue;
    context.addIssue({ code: "custom", path: [index], input: one, message: LISTED_TWICE });
  }
}

/** An address in its canonical spelling. */
function oneSpelling(one: string): string {
  const [, host = "", port] = /^(.*):(\d+)$/.exec(one) ?? [];
  const name =
    host.startsWith("[") && URL.canParse(`http://${host}`)
      ? new URL(`http://${host}`).hostname
      : host;
  return `${name.toLowerCase()}:${Number(port)}`;
}

/**
 * Turns the forms that people write into a list of groups. Input that it cannot read is left for zod to
 * reject.
 */
function grouped(given: unknown): unknown {
  const items = typeof given === "string" ? given.split(",").filter((item) => item !== "") : given;
  if (!Array.isArray(items)) return items;
  const bare = items.filter((item) => typeof item !== "object" || item === null);
  const groups = items.filter((item) => typeof item === "object" && item !== null);
  return bare.length === 0 ? groups : [{ addresses: bare }, ...(groups as unknown[])];
}

function addressFault(text: string): string | undefined {
  if (/\s/.test(text)) return 'contains a space: give "host:port", such as "gpu1:8000".';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return 'has a scheme: give "host:port" alone, and "scheme: https" beside "addresses" where needed.';
  }
  if (text.includes("/")) {
    return 'has a path: give "host:port" alone, and "metricsPath" beside "addresses" where needed.';
  }
  const match = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?):(\d+)$/.exec(
    text,
  );
  if (match === null) {
    return /:\d+$/.test(text) || text.includes(":")
      ? 'is not an address: give "host:port", such as "gpu1:8000" or "[::1]:8000".'
      : 'has no port: give "host:port"; vLLM listens on 8000 by default.';
  }
  const host = match[1] ?? "";
  if (host.startsWith("[") && isIP(host.slice(1, -1)) !== 6) {
    return 'is not an IPv6 address with a port: give one such as "[2001:db8::1]:8000".';
  }
  const port = Number(match[2]);
  if (port < 1 || port > 65535) return "has a port out of range: give one from 1 to 65535.";
  return undefined;
}
