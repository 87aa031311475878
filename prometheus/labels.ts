import { z } from "zod";
import { labelValue } from "../common/schemaParts.ts";
import { allMetrics } from "../vllm/index.ts";

/** Labels that are added to all series of a target or of the stack. Nothing else may set the same names. */
export const labels = z
  .record(z.string(), labelValue, {
    error: "is not a set of labels: give names with values, such as { team: search }.",
  })
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      const fault = labelFault(name);
      if (fault !== undefined)
        context.addIssue({ code: "custom", path: [name], message: fault, input: name });
    }
  });

function labelFault(name: string): string | undefined {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    return "is not a label name: use letters, digits and underscores, and no digit first.";
  }
  if (/^(inf|nan)$/i.test(name)) {
    return "is a number in PromQL, not a label name: choose another name.";
  }
  if (name.startsWith("__")) return "is reserved: label names that start with __ are Prometheus's.";
  if (OWN_LABELS.has(name)) {
    return "is reserved: Prometheus or vLLM sets this label itself; choose another name.";
  }
  return undefined;
}

/**
 * Labels that Prometheus sets on every series, or vLLM on its own series: an added label would replace
 * them.
 */
const OWN_LABELS = new Set([
  ...["job", "instance", "le", "quantile"],
  ...allMetrics.flatMap(({ labels }) => Object.keys(labels)),
]);
