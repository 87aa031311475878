import { randomInt } from "node:crypto";
import { z } from "zod";
import { type Plugin, type Rule, standIn } from "./standIn.ts";

/** Takes the place of `random` 4.21.2, as far as `RandomPassword` goes. */
export const random: Plugin = {
  name: "random",
  version: "4.21.2",
  configure: () => ({ "random:index/randomPassword:RandomPassword": password }),
};

const count = z.int().min(0).default(0);
const kind = z.boolean().default(true);
const inputs = z.strictObject({
  length: z.int().min(1),
  lower: kind,
  upper: kind,
  numeric: kind,
  special: kind,
  minLower: count,
  minUpper: count,
  minNumeric: count,
  minSpecial: count,
  overrideSpecial: z.string().optional(),
  keepers: z.record(z.string(), z.string()).optional(),
});
type Inputs = z.output<typeof inputs>;

const replace: Rule = { change: "replace" };

/** There is nothing to read or remove: a password exists in the state alone. */
const password = standIn<Inputs>({
  inputs,
  rules: {
    length: replace,
    lower: replace,
    upper: replace,
    numeric: replace,
    special: replace,
    minLower: replace,
    minUpper: replace,
    minNumeric: replace,
    minSpecial: replace,
    overrideSpecial: replace,
    keepers: replace,
  },
  outputs: ["bcryptHash", "number", "result"],
  secrets: ["bcryptHash", "result"],
  create(given) {
    return Promise.resolve({
      id: "none",
      state: {
        ...given,
        number: given.numeric,
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
const NUMERIC = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

function generate(given: Inputs): string {
  const kinds = [
    { wanted: given.lower, minimum: given.minLower, characters: LOWER },
    { wanted: given.upper, minimum: given.minUpper, characters: LOWER.toUpperCase() },
    { wanted: given.numeric, minimum: given.minNumeric, characters: NUMERIC },
    {
      wanted: given.special,
      minimum: given.minSpecial,
      characters: given.overrideSpecial ?? SPECIAL,
    },
  ];
  const required = kinds.flatMap(({ minimum, characters }) => pick(characters, minimum));
  if (required.length > given.length) {
    throw new Error(`length (${given.length}) must be >= the sum of all minimums`);
  }
  const all = kinds.flatMap(({ wanted, characters }) => (wanted ? [characters] : [])).join("");
  return shuffle([...required, ...pick(all, given.length - required.length)]).join("");
}

function pick(characters: string, amount: number): string[] {
  return Array.from({ length: amount }, () => characters.charAt(randomInt(characters.length)));
}

function shuffle(characters: string[]): string[] {
  const rest = [...characters];
  return characters.flatMap(() => rest.splice(randomInt(rest.length), 1));
}
