import { z } from "zod";
import type { DiffRule } from "../standIn.ts";
import { isDuration } from "./durations.ts";
import { labels } from "./labels.ts";

const flag = z.boolean().default(false);
const texts = z.array(z.string());
const textMap = z.record(z.string(), z.string());
const count = z.int().min(0);
const duration = z
  .string()
  .refine(isDuration, { error: "must be a duration such as 2s or 1m30s" })
  .default("0s");

/** Every input of a container that the stand-in knows, with the provider's defaults. */
export const containerInputs = z.strictObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string().min(1)).optional(),
  entrypoints: texts.optional(),
  user: z.string().optional(),
  envs: texts.default([]),
  labels,
  tmpfs: textMap.default({}),
  hosts: z.array(z.strictObject({ host: z.string(), ip: z.string() })).default([]),

  readOnly: flag,
  capabilities: z.strictObject({ adds: texts.default([]), drops: texts.default([]) }).optional(),
  securityOpts: texts.optional(),
  memory: count.default(0),
  memorySwap: z.int().min(-1).default(0),
  logDriver: z.string().optional(),
  logOpts: textMap.default({}),

  networkMode: z.string().default("bridge"),
  networksAdvanced: z
    .array(
      z.strictObject({
        name: z.string(),
        aliases: texts.default([]),
      }),
    )
    .default([]),
  ports: z
    .array(
      z.strictObject({
        internal: z.int().min(1).max(65535),
        external: z.int().min(0).max(65535).default(0),
        ip: z.string().default("0.0.0.0"),
        protocol: z.string().default("tcp"),
      }),
    )
    .default([]),

  volumes: z
    .array(
      z.strictObject({
        containerPath: z.string(),
        volumeName: z.string(),
        readOnly: flag,
      }),
    )
    .default([]),
  uploads: z
    .array(
      z.strictObject({
        file: z.string(),
        content: z.string(),
        permissions: z
          .string()
          .regex(/^(0[0-7]{3})?$/, { error: "must be 0 and three octal digits" })
          .default(""),
      }),
    )
    .default([]),

  healthcheck: z
    .strictObject({
      tests: texts,
      interval: duration,
      timeout: duration,
      startPeriod: duration,
      startInterval: duration,
      retries: count.default(0),
    })
    .optional(),
  wait: flag,
  waitTimeout: count.default(60),

  start: z.boolean().default(true),
  mustRun: z.boolean().default(true),
  attach: flag,
  logs: flag,
  restart: z.enum(["no", "on-failure", "always", "unless-stopped"]).default("no"),
  removeVolumes: z.boolean().default(true),
  containerReadRefreshTimeoutMilliseconds: count.default(15_000),
});
export type ContainerInputs = z.output<typeof containerInputs>;

const replace: DiffRule = { change: "replace" };
const replaceSet: DiffRule = { change: "replace", unordered: true };
const replaceComputed: DiffRule = { change: "replace", computed: true };
const replaceComputedSet: DiffRule = { change: "replace", computed: true, unordered: true };
const update: DiffRule = { change: "update" };

/**
 * The effect of a change to each input, as in kreuzwerker/docker 4.5.0. Among the inputs with
 * "update", only `restart`, `memory`, `memorySwap` and `mustRun` reach the host: a changed
 * `healthcheck` or `tmpfs` is written only to the state.
 */
export const containerRules: Record<keyof ContainerInputs, DiffRule> = {
  name: replace,
  image: replace,
  command: replaceComputed,
  entrypoints: replaceComputed,
  user: replaceComputed,
  envs: replaceComputedSet,
  labels: replaceComputedSet,
  tmpfs: update,
  hosts: replaceSet,
  readOnly: replace,
  capabilities: replaceSet,
  securityOpts: replaceComputedSet,
  memory: update,
  memorySwap: update,
  logDriver: replaceComputed,
  logOpts: replace,
  networkMode: replace,
  networksAdvanced: replaceSet,
  ports: replaceSet,
  volumes: replaceSet,
  uploads: replaceSet,
  healthcheck: { change: "update", computed: true },
  wait: update,
  waitTimeout: update,
  start: update,
  mustRun: update,
  attach: update,
  logs: update,
  restart: update,
  removeVolumes: update,
  containerReadRefreshTimeoutMilliseconds: update,
};
