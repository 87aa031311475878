import { z } from "zod";

/** Labels in the provider's format: a list whose order has no meaning. */
export const labels = z.array(z.strictObject({ label: z.string(), value: z.string() })).default([]);

/** Labels in Docker's format. */
export function labelMap(list: z.output<typeof labels>): Record<string, string> {
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

/** Labels converted back from Docker's format. */
export function labelList(map: Record<string, string> | null | undefined) {
  return Object.entries(map ?? {}).map(([label, value]) => ({ label, value }));
}
