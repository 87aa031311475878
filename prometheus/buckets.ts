import { z } from "zod";
import { BUCKET_FAMILIES, type BucketFamily, type CustomBuckets } from "../vllm/index.ts";

const FAMILIES = [...Object.keys(BUCKET_FAMILIES), "request_tokens"] as BucketFamily[];

const bounds = z
  .array(z.number({ error: "is not a number." }), { error: "is not a list of numbers." })
  .min(1, { error: "is empty: give the upper ends of the buckets." })
  .refine((given) => given.every((bound) => bound >= 0), {
    error: "has a bound below 0: times and lengths are never negative.",
  })
  .refine(
    (given) => given.every((bound, index) => index === 0 || bound > (given[index - 1] ?? 0)),
    {
      error: "does not ascend: give the upper ends of the buckets from small to large.",
    },
  );

/** The key `customBuckets` of a group of targets. */
export const customBuckets = z
  .strictObject(Object.fromEntries(FAMILIES.map((family) => [family, bounds.optional()])), {
    error: `is not a group of buckets: give lists by ${FAMILIES.join(", ")}.`,
  })
  .transform((given) => given as CustomBuckets)
  .describe("The value of --custom-histogram-buckets with which these servers were started.");

/**
 * The bucket bounds that all groups of servers have in common: at any other bound, only some servers can
 * give a share. Families are omitted if every server uses vLLM's own buckets.
 */
export function commonBuckets(
  groups: readonly { customBuckets?: CustomBuckets | undefined }[],
): CustomBuckets {
  const common: Partial<Record<BucketFamily, readonly number[]>> = {};
  for (const family of FAMILIES) {
    if (family === "request_tokens" || groups.every((one) => !one.customBuckets?.[family]))
      continue;
    const [first = [], ...others] = groups.map(
      (one) => one.customBuckets?.[family] ?? BUCKET_FAMILIES[family],
    );
    common[family] = first.filter((bound) => others.every((other) => other.includes(bound)));
  }
  return common;
}
