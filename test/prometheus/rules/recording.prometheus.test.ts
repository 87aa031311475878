import { describe, it } from "node:test";
import { attainment } from "../../../dashboards/objectives.ts";
import { fleetGroups } from "../../../prometheus/rules/fleet.ts";
import { recordingRules } from "../../../prometheus/rules/index.ts";
import { promql, recordingTimes } from "../../../vllm/index.ts";
import { always, from, server, type Life } from "./serverLife.ts";
import { STANDSTILL } from "../../../prometheus/rules/stalledEngines.ts";
import { STALLED } from "../../../slo/recorded.ts";
import { options } from "./defaultRuleOptions.ts";
import { testRules, type ExpectedSamples } from "./promtool.ts";
import { ownServers } from "./ownServers.ts";

/** Two servers of one model, one worse than the other. Each handles two requests per second. */
const LIFE: Partial<Life> = {
  ...{ finished: always(1.9), failed: always(0.1), rejected: always(0.2), kvCache: always(0.9) },
  ...{ waiting: always(3), lateFirstTokens: always(0.5), slowTokens: always(0.25) },
  ...{ singleTokens: always(0.2), slowRequests: always(0.1), preempted: always(0.5) },
};
const END = 20 * 60;
const M = '{model_name="m"}';
const A = '{job="vllm",instance="a:8000",model_name="m"}';

for (const histograms of ["classic", "native"] as const) {
  describe(`recording rules, with ${histograms} histograms`, () => {
    const given = options({ histograms });
    const time = { seconds: END, step: 30, histograms };
    const series = [
      ...server({ life: LIFE }, time),
      ...server({ instance: "b:8000", life: { finished: always(2) } }, time),
      ...ownServers({}, time),
    ];
    const at = (query: string, ...samples: [string, number][]): ExpectedSamples => ({
      at: END,
      query,
      samples,
    });
    /** The value of a recorded series, rounded to remove floating-point noise. */
    const is = (name: string, labels: string, value: number) =>
      at(`round(${name}${labels}, 0.0001)`, [labels, value]);
    const slo = (name: string, objective: string, value: number) =>
      is(name, `{model_name="m",objective="${objective}"}`, value);

    it("have the expected values", async () => {
      const bad = "model_objective:slo_bad_events:rate5m";
      const all = "model_objective:slo_events:rate5m";
      const burn = "model_objective:slo_burn:ratio_rate1h";
      const expected = [
        is("model:vllm_requests:rate5m", M, 4),
        is("instance:vllm_requests:rate5m", A, 2),
        is("model:vllm_request_errors:ratio_rate5m", M, 0.025),
        is("model:vllm_generation_tokens:rate5m", M, 200),
        is("model:vllm_requests_waiting:sum", M, 3),
        is("model:vllm_requests_waiting:avg5m", M, 3),
        is("model:vllm_kv_cache_usage:max", M, 0.9),
        is("instance:vllm_preemptions:rate5m", A, 0.5),
        is("model:vllm_admission_rejections:rate5m", M, 0.2),
        is("model:vllm_prefix_cache_hits:ratio_rate5m", M, 0.6),
        is("model:vllm_request_queue_time_seconds:mean_rate5m", M, 0.1),
        // The distribution inside the first bucket, which ends at 0.3 s, is unknown.
        is("model:vllm_request_queue_time_seconds:p50_rate5m", M, 0.3),
        is("model:vllm_request_queue_time_seconds:p99_rate5m", M, 0.3),
        is("instance_model:vllm_target:last", A, 1),
        is("model:vllm_available:bool", M, 1),
        // 0.1 failed and 0.2 were rejected, out of 4.2.
        slo(bad, "No errors", 0.3),
        slo(all, "No errors", 4.2),
        // 0.95 of 3.9 were late, and another 0.3 got no token.
        slo(bad, "First token within 1 s", 1.25),
        slo(all, "First token within 1 s", 4.2),
        // A quarter of 1.9 was slow. A fifth of 1.9 had only one token and does not count.
        slo(bad, "Tokens within 0.1 s", 0.475),
        slo(all, "Tokens within 0.1 s", 3.52),
        slo(bad, "Done within 240 s", 0.19),
        slo(bad, "Available", 0),
        slo(burn, "No errors", 71.4286),
        slo("model_objective:slo_budget_left:ratio", "No errors", -70.4286),
        slo("model_objective:slo_budget_left:ratio", "Available", 1),
      ];
      await testRules(given, [{ name: "values", series, expected }]);
    });

    it("interpolate a percentile beyond the first bucket within its bucket", async () => {
      // Of every four requests, one waited for less than 0.3 s, and three for 0.3 to 0.5 s.
      const waits = server({ life: { longQueues: always(0.75) } }, time);
      const p50 = 0.3 + 0.2 * ((0.5 - 0.25) / 0.75);
      const expected = [
        is("model:vllm_request_queue_time_seconds:p50_rate5m", M, Number(p50.toFixed(4))),
      ];
      await testRules(given, [{ name: "second bucket", series: waits, expected }]);
    });

    it("all have values", async () => {
      const names = new Set(
        recordingRules(given).flatMap(({ rules }) => rules.map(({ record }) => record)),
      );
      // None of these engines hangs.
      names.delete(STANDSTILL);
      names.delete(STALLED);
      // A budget that is already spent, or never will be, has no time to exhaustion.
      names.delete("model_objective:slo_budget_exhaustion:seconds");
      // These servers have few features. The tests of dashboard values cover the fleet's records.
      for (const { rules } of fleetGroups(given)) {
        for (const { record } of rules) names.delete(record);
      }
      const query = `count(count by (__name__) ({__name__=~"${[...names].join("|")}"}))`;
      await testRules(given, [{ name: "all", series, expected: [at(query, ["{}", names.size])] }]);
    });

    it("predict when a budget will be spent: 1 of 1000 late, a tenth of the allowed 1 %", async () => {
      const late = server({ life: { lateFirstTokens: always(0.001) } }, time);
      const objective = '{model_name="m",objective="First token within 1 s"}';
      const expected = [
        at(`round(model_objective:slo_budget_left:ratio${objective}, 0.001)`, [objective, 0.9]),
        // At a tenth of the allowed burn rate, nine tenths of the budget last for nine times 30 days.
        at(`round(model_objective:slo_budget_exhaustion:seconds${objective} / 86400)`, [
          objective,
          270,
        ]),
      ];
      await testRules(given, [{ name: "exhaustion", series: late, expected }]);
    });

    it("count a model as unavailable while all its servers are down, but still know its name", async () => {
      const dead = server({ life: { up: from(600, 0, 1) } }, time);
      await testRules(given, [
        {
          name: "away",
          series: dead,
          expected: [
            is("model:vllm_available:bool", M, 0),
            is("instance_model:vllm_target:last", A, 1),
            slo("model_objective:slo_bad_events:rate5m", "Available", 1),
          ],
        },
      ]);
    });

    it("know a server's last model after a ten-minute gap, and forget earlier models", async () => {
      const away = (at: number) => Number(at < 600 || at >= 1200);
      const life = { target: away, up: from(600, 0, 1) };
      // Series without a model label come only from the server with its current model.
      const former = server({ model: "former", life: { vllm: from(300, 0, 1) } }, time).filter(
        ({ series }) => series.includes('model_name="former"'),
      );
      const now = server({ life: { ...life, vllm: from(300, 1, 0) } }, { ...time, seconds: 1800 });
      await testRules(given, [
        {
          name: "gap",
          series: [...former, ...now],
          expected: [
            { at: 1170, query: "instance_model:vllm_target:last", samples: [] },
            {
              at: 1230,
              query: "instance_model:vllm_target:last",
              samples: [[`instance_model:vllm_target:last${A}`, 1]],
            },
          ],
        },
      ]);
    });

    it("record the same share of good events that dashboards compute", async () => {
      const recorded = recordingTimes(given.longestScrapeInterval);
      const q = promql({ histograms, window: "5m", recorded });
      const expected = given.objectives
        .filter(({ metric }) => metric !== "availability")
        .map((objective) => {
          const where = `{objective="${objective.name}"}`;
          const kept = `1 - sum by (model_name) (model_objective:slo_bad_events:rate5m${where}) / sum by (model_name) (model_objective:slo_events:rate5m${where})`;
          return at(`abs((${kept}) - (${attainment(q, objective, "5m")})) < 1e-9`);
        })
        .map(({ query, ...rest }) => ({
          ...rest,
          query: `count(${query})`,
          samples: [["{}", 1]] as [string, number][],
        }));
      await testRules(given, [{ name: "dashboards", series, expected }]);
    });

    it("leave out the usage of a cache without blocks, which is NaN", async () => {
      const life = { ...LIFE, kvCache: always(0.5) };
      const odd = server({ instance: "b:8000", life: { kvCache: () => NaN } }, time);
      const name = "job_model:vllm_kv_cache_usage_perc";
      const labels = '{job="vllm",model_name="m"}';
      const expected = [
        ...[is(`${name}:sum`, labels, 0.5), is(`${name}:count`, labels, 1)],
        ...[is(`${name}:max`, labels, 0.5), is(`${name}:min`, labels, 0.5)],
        is("model:vllm_kv_cache_usage:max", M, 0.5),
      ];
      await testRules(given, [
        { name: "NaN", series: [...server({ life }, time), ...odd], expected },
      ]);
    });

    it("record the share of time in which a model was available", async () => {
      // Down for five of the twenty minutes.
      const gone = server({ life: { up: (at) => Number(at < 300 || at >= 600) } }, time);
      const recorded = "avg_over_time(model:vllm_available:bool[20m])";
      const expected = [at(`round(${recorded}, 0.01)`, [`{model_name="m"}`, 0.75])];
      await testRules(given, [{ name: "availability", series: gone, expected }]);
    });

    it("record a server's start time by its process, or else by its counters for two minutes", async () => {
      const known = server({ life: { startTime: from(600, 700, 100) } }, time);
      const tokens = Array.from({ length: 41 }, (_, index) => (index < 20 ? index : index - 20));
      const unknown = {
        series:
          'vllm:generation_tokens_total{job="vllm",instance="b:8000",model_name="m",engine="0"}',
        values: tokens.join(" "),
      };
      const others = server({ instance: "b:8000", life: { startTime: () => NaN } }, time).filter(
        ({ series }) => !/^process_start_time|^vllm:generation_tokens/.test(series),
      );
      const started = "instance_model:vllm_start_time:seconds";
      const B = A.replace("a:8000", "b:8000");
      await testRules(given, [
        {
          name: "starts",
          series: [...known, ...others, unknown],
          expected: [
            { at: 570, query: started, samples: [[started + A, 100]] },
            {
              at: 660,
              query: started,
              samples: [
                [started + A, 700],
                [started + B, 660],
              ],
            },
            { at: 780, query: started, samples: [[started + A, 700]] },
          ],
        },
      ]);
    });
  });
}
