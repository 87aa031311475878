import { randomInt } from "node:crypto";
import { z } from "zod";
import { type StandInPlugin, resourceStandIn } from "./standIn.ts";

/** Replaces `random` 4.21.2, but only for `RandomPassword`. */
export const randomPlugin: StandInPlugin = {
  name: "random",
  version: "4.21.2",
  configure: () => ({ "random:index/randomPassword:RandomPassword": password }),
};

const inputs = z.strictObject({
  length: z.int().min(1),
  special: z.boolean().default(true),
});
type PasswordInputs = z.output<typeof inputs>;

/** Properties of the state for which the stand-in has no input. */
const FIXED = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  number: true,
  numeric: true,
  upper: true,
};

/** There is nothing to read or remove: a password exists only in the state. */
const password = resourceStandIn<PasswordInputs>({
  inputs,
  rules: { length: { change: "replace" }, special: { change: "replace" } },
  outputs: [...Object.keys(FIXED), "bcryptHash", "result"],
  secrets: ["bcryptHash", "result"],
  create(given) {
    return Promise.resolve({
      id: "none",
      state: {
        ...FIXED,
        ...given,
        result: generate(given),
        bcryptHash: "the offline kit makes no bcrypt hash",
      },
    });
  },
  read: (_id, state) => Promise.resolve(state),
  update: (_id, state) => Promise.resolve(state),
  delete: () => Promise.resolve(),
});

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const ORDINARY = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

function generate({ length, special }: PasswordInputs): string {
  const characters = special ? ORDINARY + SPECIAL : ORDINARY;
  return Array.from({ length }, () => characters.charAt(randomInt(characters.length))).join("");
}
