import { z } from "zod";

/** Labels as the provider takes them: a list whose order has no meaning. */
export const labels = z.array(z.strictObject({ label: z.string(), value: z.string() })).default([]);

/** Labels as Docker takes them. */
export function labelMap(list: z.output<typeof labels>): Record<string, string> {
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

/** Labels as Docker gives them back. */
export function labelList(map: Record<string, string> | null | undefined) {
  return Object.entries(map ?? {}).map(([label, value]) => ({ label, value }));
}
