/** Verdicts on synthetic servers, on both sides of the threshold. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fleetQueries } from "../../../dashboards/queries.ts";
import { thresholds } from "../../../dashboards/thresholds.ts";
import { VERDICTS, verdict } from "../../../dashboards/verdict.ts";
import { OPTIONS } from "../../dashboards/parsedDashboards.ts";
import { options } from "./defaultRuleOptions.ts";
import { askRules } from "./promtool.ts";
import { always, server } from "./serverLife.ts";

const END = 900;
const STEP = 15;

describe("the verdict Client aborts", () => {
  // Aborts in five minutes. Six other requests finish in that time.
  for (const [aborts, expected] of [
    [5.1, "Client aborts"],
    [4.9, "Healthy"],
  ] as const) {
    it(`is ${expected} with ${aborts} aborts in five minutes`, async () => {
      const life = { finished: always(0.02), http: always(0.02), aborted: always(aborts / 300) };
      const [found] = await askRules(
        options({ longestScrapeInterval: STEP }),
        server({ life }, { seconds: END, step: STEP, histograms: "classic" }),
        [
          {
            at: END,
            query: verdict(
              fleetQueries({ ...OPTIONS, longestScrapeInterval: STEP }, {}),
              thresholds.parse({}),
            ),
          },
        ],
        STEP,
        STEP,
      );
      assert.deepEqual(
        found?.map(({ value }) => VERDICTS.find((word) => word.value === value)?.text),
        [expected],
      );
    });
  }
});
