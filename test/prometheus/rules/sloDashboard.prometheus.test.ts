/**
 * The SLO dashboard shows what the rules record. These tests run its queries, as Grafana sends them,
 * on synthetic servers with known good and bad events.
 */
import { describe, it } from "node:test";
import { parsedDashboards } from "../../dashboards/parsedDashboards.ts";
import { askedPanels } from "../../values/askedPanels.ts";
import { always, server } from "./serverLife.ts";
import { options } from "./defaultRuleOptions.ts";
import { testRules, type ExpectedSamples } from "./promtool.ts";
import { ownServers } from "./ownServers.ts";

const END = 20 * 60;

/** By objective: bad events and all events in the life below, and the allowed share of bad ones. */
const OBJECTIVES: Record<string, { bad: number; all: number; budget: number }> = {
  Available: { bad: 0, all: 1, budget: 0.001 },
  // 0.1 failed and 0.2 were rejected, out of 2.2.
  "No errors": { bad: 0.3, all: 2.2, budget: 0.001 },
  // Half of the 1.9 first tokens came late. The other 0.3 requests got no token.
  "First token within 1 s": { bad: 1.25, all: 2.2, budget: 0.01 },
  // A quarter of 1.9 was slow. A fifth of 1.9 had only one token and does not count.
  "Tokens within 0.1 s": { bad: 0.475, all: 1.52, budget: 0.01 },
  // A thousandth of 1.9 was slow: a tenth of the allowed share.
  "Done within 240 s": { bad: 0.0019, all: 1.9, budget: 0.01 },
};

for (const histograms of ["classic", "native"] as const) {
  describe(`the SLO dashboard, with ${histograms} histograms`, () => {
    const time = { seconds: END, step: 30, histograms };
    const life = {
      ...{ finished: always(1.9), failed: always(0.1), rejected: always(0.2) },
      ...{ lateFirstTokens: always(0.5), slowTokens: always(0.25), singleTokens: always(0.2) },
      slowRequests: always(0.001),
    };
    const series = [...server({ life }, time), ...ownServers({}, time)];
    const dashboard = parsedDashboards({ histograms }).find(({ uid }) => uid === "vllm-slo");
    const queries = (title: string, model_name?: string) =>
      askedPanels(dashboard ?? never())
        .find((panel) => panel.title === title)
        ?.queries(model_name === undefined ? {} : { model_name }) ?? never();
    const shows = (query: string, values: Record<string, number | undefined>): ExpectedSamples => ({
      at: END,
      // Rounded, to remove floating-point noise.
      query: `round(${query}, 0.0001)`,
      samples: Object.entries(values).flatMap(([objective, value]) =>
        value === undefined
          ? []
          : [[`{model_name="m",objective="${objective}"}`, Number(value.toFixed(4))]],
      ),
    });
    const each = (value: (objective: { share: number; budget: number }) => number | undefined) =>
      Object.fromEntries(
        Object.entries(OBJECTIVES).map(([name, { bad, all, budget }]) => [
          name,
          value({ share: bad / all, budget }),
        ]),
      );
    const burn = each(({ share, budget }) => share / budget);
    const columns = [
      each(({ budget }) => 1 - budget),
      each(({ share }) => 1 - share),
      each(({ share, budget }) => 1 - share / budget),
      ...[burn, burn, burn, burn],
      // At a tenth of the allowed burn rate, nine tenths of a month's budget last for nine months.
      each(({ share, budget }) => {
        if (share > budget) return 0;
        return share === 0 ? undefined : ((1 - share / budget) / (share / budget)) * 30 * 86_400;
      }),
    ];

    it("shows how each objective is met, for all models and for one", async () => {
      const expected = [undefined, "m"].flatMap((model) =>
        queries("Error budgets", model).map((query, index) =>
          shows(query, columns[index] ?? never()),
        ),
      );
      await testRules(options({ histograms }), [{ name: "budgets", series, expected }]);
    });

    it("plots how fast each objective's budget is spent", async () => {
      const expected = Object.keys(OBJECTIVES).flatMap((objective) =>
        queries(`Burn: ${objective}`).map((query) =>
          shows(query, { [objective]: burn[objective] }),
        ),
      );
      await testRules(options({ histograms }), [{ name: "burn", series, expected }]);
    });

    it("shows nothing of another model", async () => {
      const expected = queries("Error budgets", "other").map((query) => shows(query, {}));
      await testRules(options({ histograms }), [{ name: "other", series, expected }]);
    });
  });
}

function never(): never {
  throw new Error("The dashboard has no such panel or column.");
}
