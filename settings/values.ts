/** Values that settings of several kinds have. */
import { z } from "zod";
import { olderThan, RELEASES_READ, type Version } from "../vllm/index.ts";

const NOT_A_PORT = { error: "is not a port: give a whole number from 1 to 65535." };

/** A port of the host. */
export const port = z.int(NOT_A_PORT).min(1, NOT_A_PORT).max(65535, NOT_A_PORT);

const NOT_AN_IMAGE = {
  error:
    'is not an image with a tag: give "name:tag", the name in small letters and without a scheme, the tag an exact version, such as "prom/prometheus:v3.13.3".',
};

/** An image with an exact tag or digest: without one, two machines would run different programs. */
export const image = z
  .string(NOT_AN_IMAGE)
  .regex(
    /^[a-z0-9][a-z0-9./_-]*(:\d+\/[a-z0-9./_-]+)?(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w][\w.-]{0,127}@sha256:[0-9a-f]{64})$/,
    NOT_AN_IMAGE,
  )
  .refine((text) => !text.endsWith(":latest"), {
    error: "moves with time: give an exact version as the tag instead of latest.",
  });

const NOT_A_LIMIT = { error: "is not a memory limit: give whole MiB, 128 or more." };

/** A limit in MiB. */
export const memory = z.int(NOT_A_LIMIT).min(128, NOT_A_LIMIT);

const NOT_A_RELEASE = {
  error: `is not a release: give one from "${RELEASES_READ[0]}" to "${RELEASES_READ.at(-1) ?? ""}", in quotes, since 0.10 without them is 0.1.`,
};

/** A minor release of vLLM, as text. */
export const release = z
  .string(NOT_A_RELEASE)
  .regex(/^0\.\d+$/, NOT_A_RELEASE)
  .transform((text) => text as Version)
  .refine(
    (version) =>
      !olderThan(version, RELEASES_READ[0]) && !olderThan(RELEASES_READ.at(-1) ?? version, version),
    NOT_A_RELEASE,
  );
