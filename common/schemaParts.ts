/** Parts of the schemas of several settings. */
import { z } from "zod";
import { urlFault } from "./webUrl.ts";

/** An invalid value: its path, the value, and the rest of the sentence about it. */
export interface Fault {
  path: PropertyKey[];
  input: unknown;
  message: string;
}

/** The error for a value that is not a group of settings. */
export const NOT_A_GROUP = { error: "is not a group of settings: set the keys inside it." };

/** True or false. */
export const flag = z.boolean({ error: "is not true or false: give one of them." });

/** The error for a missing or mistyped required setting: `kind` is its type, `what` says what to give. */
export function needed(kind: string, what: string) {
  return {
    error: ({ input }: { input?: unknown }) =>
      `${input === undefined ? "is missing" : `is not ${kind}`}: give ${what}.`,
  };
}

/** Non-empty text; `what` says in errors what to give. */
export function text(what: string) {
  return z.string(needed("a text", what)).min(1, { error: `is empty: give ${what}.` });
}

/** An `http` or `https` URL such as `example`; `fault` says what is wrong with a text. */
export function webUrl(example: string, fault: (text: string) => string | undefined = urlFault) {
  return z
    .string({ error: `is not a URL: give one such as "${example}".` })
    .superRefine((given, context) => {
      const message = fault(given);
      if (message !== undefined) context.addIssue({ code: "custom", input: given, message });
    });
}

/** A label's value: text, or what YAML reads as a number or a flag. */
export const labelValue = z
  .union([z.string(), z.number(), z.boolean()], {
    error: "is not a label's value: give a text.",
  })
  .transform(String);

/** Checks that no two items of a list, such as "receivers", have the same name. */
export function ownNames(items: string) {
  return (given: readonly { name: string }[], context: z.RefinementCtx): void => {
    for (const [index, { name }] of given.entries()) {
      if (given.findIndex((other) => other.name === name) === index) continue;
      context.addIssue({
        code: "custom",
        path: [index, "name"],
        input: name,
        message: `is the name of two ${items}: give each a name of its own.`,
      });
    }
  };
}

/**
 * A secret: decrypted text from the engine, or `{ secure: … }` in a file that was not decrypted, whose
 * value is unknown. The value never appears in an error or in a configuration file; the configuration file
 * names a file that holds the secret. `what` says in errors what to give, `fault` what is wrong with the
 * value.
 */
export function secret(
  what: string,
  fault: (text: string) => string | undefined = () => undefined,
) {
  return z
    .unknown()
    .transform((given, context): string => {
      if (isEncrypted(given)) return ENCRYPTED;
      const text = typeof given === "number" ? `${given}` : given;
      const problem =
        typeof text !== "string" || text === ""
          ? `is missing: set ${what} by "npm run pulumi -- config set --secret --stack NAME --path", followed by this key.`
          : fault(text);
      if (problem !== undefined) {
        context.addIssue({ code: "custom", message: problem, input: NOT_SHOWN });
      }
      return String(text);
    })
    .meta({ secret: true });
}

/** Placeholder for the value of a secret that was not decrypted. */
const ENCRYPTED = "(encrypted)";

/** Placeholder for the value of a secret in errors. */
export const NOT_SHOWN = "(not shown)";

function isEncrypted(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const { secure, ...others } = given as Record<string, unknown>;
  return typeof secure === "string" && secure !== "" && Object.keys(others).length === 0;
}
