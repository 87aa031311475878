/** What the board `vLLM / SLO` shows of the default promises. */
import { metrics } from "../../vllm/index.ts";
import { objectives } from "../../prometheus/objectives.ts";
import type { BoardValues, Expected, Shown } from "./expected.ts";
import type { Part } from "./part.ts";
import { kept } from "./promises.ts";

const DAY = 86_400;
const MONTH = 30 * DAY;

/** Each default promise with its truth. */
const PROMISES = objectives.parse(undefined).map((objective, index) => ({
  ...objective,
  kept:
    [kept.available, kept.noErrors, kept.firstToken, kept.tokens, kept.done][index] ?? kept.done,
}));

type Promise = (typeof PROMISES)[number];

/** A column of the table: a value of each promise and model. */
function each(value: (promise: Promise, part: Part) => Shown | undefined): Expected {
  const named = new Map(PROMISES.map((promise) => [promise.name, promise]));
  return {
    by: ["model_name", "objective"],
    of: metrics.requestsRunning,
    parts: (whole) =>
      PROMISES.flatMap(({ name, kept }) =>
        whole
          .within(MONTH)
          .by(["model_name"], kept.of, MONTH)
          .map((part) => part.named({ objective: name })),
      ),
    value: (part) => {
      const promise = named.get(part.labels.objective ?? "");
      return promise && value(promise, part);
    },
  };
}

/** What is left of a share, be it known only from and to. */
function mapped(shown: Shown | undefined, change: (share: number) => number): Shown | undefined {
  if (shown === undefined || shown instanceof Map) return undefined;
  if (typeof shown === "number") return change(shown);
  const ends = [change(shown.low), change(shown.high)];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

const burn = ({ kept, target }: Promise, part: Part) =>
  mapped(kept.value(part, part), (share) => (1 - share) / (1 - target));
const left = (promise: Promise, part: Part) =>
  mapped(burn(promise, part.within(MONTH)), (rate) => 1 - rate);

/** Seconds until nothing is left; any number where the share is not known exactly. */
function spentIn(promise: Promise, part: Part): Shown | undefined {
  const [share, rate] = [left(promise, part), burn(promise, part.within(3600))];
  if (share === undefined || rate === undefined) return undefined;
  if (typeof share !== "number" || typeof rate !== "number") return { low: 0, high: Infinity };
  if (share <= 0) return 0;
  return rate > 0 ? (share * MONTH) / rate : undefined;
}

const burning = (window: number) => each((promise, part) => burn(promise, part.within(window)));

export const slo: BoardValues = {
  Budgets: [
    each(({ kept, target }, part) => mapped(kept.value(part, part), () => target)),
    each(({ kept }, part) => kept.value(part, part)),
    each(left),
    ...[3600, 6 * 3600, DAY, 3 * DAY].map(burning),
    each(spentIn),
  ],
  ...Object.fromEntries(
    PROMISES.map((promise) => [
      `Burn: ${promise.name}`,
      [{ ...promise.kept, value: (part: Part) => burn(promise, part) }],
    ]),
  ),
};
