import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkQuery, checkVariable, type CheckOptions } from "./check.ts";
import {
  bucketBounds,
  exporters,
  matches,
  metrics,
  promql,
  type Metric,
} from "../../vllm/index.ts";

type Options = CheckOptions & Parameters<typeof checkQuery>[1];

const ttft = "vllm:time_to_first_token_seconds";

/** Each case: what is checked, a valid query, an invalid variant, and the expected error. */
const RULES: [rule: string, right: string, wrong: string, said: string, options?: Options][] = [
  [
    "syntax",
    "sum(vllm:num_requests_running)",
    "sum(vllm:num_requests_running))",
    'The query is no PromQL from ")" on.',
  ],
  [
    "an unknown name",
    "vllm:num_requests_running",
    "vllm:num_request_running",
    "vllm:num_request_running is in no catalogue.",
  ],
  [
    "a counter's suffix",
    "rate(vllm:prompt_tokens_total[5m])",
    "rate(vllm:prompt_tokens[5m])",
    "vllm:prompt_tokens is no series of the counter vllm:prompt_tokens: those are vllm:prompt_tokens_total.",
  ],
  [
    "a gauge's suffix",
    "vllm:num_requests_running",
    "vllm:num_requests_running_total",
    "vllm:num_requests_running_total is no series of the gauge vllm:num_requests_running: those are vllm:num_requests_running.",
  ],
  [
    "series dropped at scrape",
    "process_start_time_seconds",
    "vllm:prompt_tokens_created",
    "vllm:prompt_tokens_created is dropped at scrape, as all _created series are.",
  ],
  [
    "a name that is gone",
    "vllm:kv_cache_usage_perc",
    "vllm:gpu_cache_usage_perc",
    "vllm:gpu_cache_usage_perc was last exposed by vLLM 0.11. Its name is now vllm:kv_cache_usage_perc.",
  ],
  [
    "a name that is gone for the fleet's oldest server",
    "vllm:num_requests_running or vllm:gpu_cache_usage_perc",
    "vllm:num_requests_running or vllm:num_requests_swapped",
    "vllm:num_requests_swapped was last exposed by vLLM 0.9.",
    { oldestVersion: "0.10" },
  ],
  [
    "a native name where histograms are classic",
    `rate(${ttft}_count[5m])`,
    `rate(${ttft}[5m])`,
    `${ttft} is a histogram: classic ones have the series ${ttft}_bucket, ${ttft}_sum, ${ttft}_count.`,
    { histograms: "classic" },
  ],
  [
    "a classic name where histograms are native",
    `rate(${ttft}[5m])`,
    `rate(${ttft}_count[5m])`,
    `${ttft}_count does not exist where histograms are native: ask for ${ttft}.`,
    { histograms: "native" },
  ],
  [
    "a label",
    'vllm:num_requests_running{engine="0",job="a",instance="b"}',
    'vllm:num_requests_running{rank="0"}',
    "vllm:num_requests_running has no label rank.",
  ],
  [
    "a label of another metric",
    'rate(http_requests_total{handler=~"/v1/.*"}[5m])',
    'rate(http_requests_total{model_name="a"}[5m])',
    "http_requests_total has no label model_name.",
  ],
  [
    "a label of the targets",
    'vllm:num_requests_running{region="eu"}',
    'vllm:num_requests_running{zone="eu"}',
    "vllm:num_requests_running has no label zone.",
    { targetLabels: ["region"] },
  ],
  [
    "a value of a closed set",
    'vllm:engine_sleep_state{sleep_state="awake"}',
    'vllm:engine_sleep_state{sleep_state="asleep"}',
    'vllm:engine_sleep_state has no sleep_state="asleep": its values are awake, weights_offloaded, discard_all.',
  ],
  [
    "the values of a pattern",
    'rate(vllm:request_success_total{finished_reason!~"stop|len.*"}[5m])',
    'rate(vllm:request_success_total{finished_reason=~"stop|err"}[5m])',
    'vllm:request_success_total has no finished_reason="err": its values are stop, length, abort, error, repetition.',
  ],
  [
    "how a bound is written",
    `rate(${ttft}_bucket{le="1.0"}[5m])`,
    `rate(${ttft}_bucket{le="1"}[5m])`,
    'le="1" matches nothing: Prometheus writes this bound "1.0".',
  ],
  [
    "a bound that is none",
    `rate(${ttft}_bucket{le=~"0\\\\.25|1\\\\.0"}[5m])`,
    `rate(${ttft}_bucket{le="0.3"}[5m])`,
    `${ttft}_bucket has no bucket with le="0.3": the nearest are 0.25 and 0.5.`,
  ],
  [
    "a deployment's own bounds",
    `rate(${ttft}_bucket{le="0.3"}[5m])`,
    `rate(${ttft}_bucket{le="0.25"}[5m])`,
    `${ttft}_bucket has no bucket with le="0.25": the nearest are 0.3.`,
    { customBuckets: { time_to_first_token: [0.3] } },
  ],
  [
    "the rate of a gauge",
    "deriv(vllm:num_requests_running[5m])",
    "rate(vllm:num_requests_running[5m])",
    "vllm:num_requests_running is a gauge: rate() is for counters.",
  ],
  [
    "a counter as it stands",
    "sum(increase(vllm:prompt_tokens_total[5m] offset 1h))",
    "vllm:prompt_tokens_total > 0",
    "vllm:prompt_tokens_total only ever grows: read it by rate() or increase().",
  ],
  [
    "a counter added up before its rate",
    "sum(rate(vllm:prompt_tokens_total[5m]))",
    "sum(vllm:prompt_tokens_total)",
    "vllm:prompt_tokens_total only ever grows: read it by rate() or increase() and not by sum().",
  ],
  [
    "counting a counter's series",
    "count(vllm:prompt_tokens_total)",
    "max_over_time(vllm:prompt_tokens_total[5m])",
    "vllm:prompt_tokens_total only ever grows: read it by rate() or increase() and not by max_over_time().",
  ],
  [
    "a quantile whose le was added up",
    `histogram_quantile(0.9, sum by (le, engine) (rate(${ttft}_bucket[5m])))`,
    `histogram_quantile(0.9, sum by (engine) (rate(${ttft}_bucket[5m])))`,
    `histogram_quantile() needs the label le: keep it when adding up ${ttft}_bucket.`,
  ],
  [
    "a quantile whose le was taken away",
    `histogram_quantile(0.9, sum without (engine) (rate(${ttft}_bucket[5m])))`,
    `histogram_quantile(0.9, sum without (le) (rate(${ttft}_bucket[5m])))`,
    `histogram_quantile() needs the label le: keep it when adding up ${ttft}_bucket.`,
  ],
  [
    "a quantile of something else",
    `histogram_quantile(0.9, sum(rate(${ttft}[5m])))`,
    `histogram_quantile(0.9, rate(${ttft}_sum[5m]))`,
    `histogram_quantile() needs buckets, not ${ttft}_sum.`,
  ],
  [
    "a native function on a classic histogram",
    `histogram_fraction(0, 1, rate(${ttft}[5m]))`,
    `histogram_fraction(0, 1, rate(${ttft}_bucket[5m]))`,
    `histogram_fraction() needs a native histogram, not ${ttft}_bucket.`,
  ],
  [
    "the labels of by",
    "sum by (instance, reason) (vllm:num_requests_waiting_by_reason)",
    "sum by (reason) (vllm:num_requests_waiting)",
    "No series has the label reason in vllm:num_requests_waiting.",
  ],
  [
    "the labels of without",
    "sum without (engine) (vllm:num_requests_waiting)",
    "sum without (engines) (vllm:num_requests_waiting)",
    "No series has the label engines in vllm:num_requests_waiting.",
  ],
  [
    "a label that was added up further in",
    "max by (engine) (sum by (engine, job) (vllm:num_requests_waiting))",
    "max by (engine) (sum by (job) (vllm:num_requests_waiting))",
    "No series has the label engine in sum by (job) (vllm:num_requests_waiting).",
  ],
  [
    "the labels of on",
    "vllm:num_requests_running / on (job, engine) vllm:num_requests_waiting",
    "vllm:num_requests_running / on (job, rank) vllm:num_requests_waiting",
    "No series has the label rank in vllm:num_requests_running and vllm:num_requests_waiting.",
  ],
  [
    "the labels of group_left",
    "up * on (job, instance) group_left (model_name) group by (job, instance, model_name) (vllm:num_requests_running)",
    "up * on (job, instance) group_left (model) group by (job, instance, model_name) (vllm:num_requests_running)",
    "No series has the label model in up and group by (job, instance, model_name) (vllm:num_requests_running).",
  ],
  [
    "the labels of recorded series",
    "max by (model_name) (model:requests:rate5m)",
    "max by (engine) (model:requests:rate5m)",
    "No series has the label engine in model:requests:rate5m.",
    { recorded: { "model:requests:rate5m": ["model_name"] } },
  ],
];

describe("checkQuery", () => {
  for (const [rule, right, wrong, said, options] of RULES) {
    it(`checks ${rule}`, () => {
      assert.deepEqual(checkQuery(right, options), [], right);
      assert.deepEqual(checkQuery(wrong, options), [said], wrong);
    });
  }

  it("reads a dashboard's variables as the values that Grafana inserts", () => {
    const variables = [
      'sum(rate(vllm:prompt_tokens_total{model_name=~"$model_name"}[$__rate_interval]))',
      'rate(vllm:request_success_total{finished_reason=~"${reason:regex}"}[${window}])',
      `rate(${ttft}_bucket{le="$slo"}[5m]) > $threshold`,
      "max_over_time(vllm:num_requests_running[$__range:$__interval])",
      'vllm:num_requests_running{instance=~"[[instance]]"} offset $shift',
    ];
    for (const query of variables) assert.deepEqual(checkQuery(query), [], query);
  });

  it("accepts other exporters' histograms in either form, whatever the form of vLLM's", () => {
    const query = "sum(rate(prometheus_http_request_duration_seconds_count[5m]))";
    assert.deepEqual(checkQuery(query, { histograms: "native" }), []);
  });

  it("knows labels that functions create", () => {
    const queries = [
      'sum by (host) (label_replace(up, "host", "$1", "instance", "(.*):.*"))',
      'sum by (usage) (count_values("usage", vllm:kv_cache_usage_perc))',
      "sum by (job) (topk(3, up))",
      'absent(vllm:num_requests_running{job="a"})',
      "time() - process_start_time_seconds",
      '{__name__="up",job="a"}',
    ];
    for (const query of queries) assert.deepEqual(checkQuery(query), [], query);
  });

  it("finds several faults at once, and reports each once", () => {
    assert.deepEqual(checkQuery("a + a + rate(up[5m])"), [
      "a is in no catalogue.",
      "up is a gauge: rate() is for counters.",
    ]);
  });
});

describe("checkVariable", () => {
  it("checks the metric and the label of label_values", () => {
    const right = 'label_values(vllm:num_requests_running{job=~"$job"}, model_name)';
    assert.deepEqual(checkVariable(right), []);
    assert.deepEqual(checkVariable("label_values(vllm:prompt_tokens_total, engine)"), []);
    assert.deepEqual(checkVariable("label_values(vllm:num_requests_running, model)"), [
      "No series has the label model in vllm:num_requests_running.",
    ]);
    assert.deepEqual(checkVariable("label_values(vllm:num_running, engine)"), [
      "vllm:num_running is in no catalogue.",
    ]);
    assert.deepEqual(checkVariable("label_values(model_name)"), [
      "label_values(model_name) takes the label from any metric: name one.",
    ]);
  });

  it("checks the query of query_result, and rejects other functions", () => {
    assert.deepEqual(checkVariable("query_result(max(up))"), []);
    assert.deepEqual(checkVariable("query_result(rate(up[5m]))"), [
      "up is a gauge: rate() is for counters.",
    ]);
    assert.deepEqual(checkVariable("metrics(vllm.*)"), [
      "A variable asks for label_values(metric, label) or query_result(query), not for metrics(vllm.*).",
    ]);
  });
});

describe("the builders' output", () => {
  for (const histograms of ["classic", "native"] as const) {
    it(`passes for every metric, ${histograms}`, () => {
      for (const metric of Object.values<Metric>({ ...metrics, ...exporters })) {
        for (const query of queries(histograms, metric)) {
          assert.deepEqual(checkQuery(query, { histograms, oldestVersion: "0.8" }), [], query);
        }
      }
    });
  }
});

/** Every query that can be built for a metric. */
function queries(histograms: "classic" | "native", metric: Metric): string[] {
  const q = promql({
    histograms,
    window: "$__rate_interval",
    oldestVersion: "0.8",
    scope: { job: matches("$job"), model_name: matches("$model_name"), engine: matches("$engine") },
  });
  const by = [...Object.keys(metric.labels), "job", "instance"] as const;
  switch (metric.type) {
    case "counter":
      return [q.rate, q.increase].map((build) => build(metric as Metric<"counter">, { by }));
    case "gauge":
    case "info":
      return [
        q.series(metric as Metric<"gauge" | "info">),
        q.avg(metric as Metric<"gauge" | "info">, { by, window: "$__range" }),
      ];
    case "summary":
      return [q.mean, q.total, q.observations].map((build) =>
        build(metric as Metric<"summary">, { by }),
      );
    case "histogram":
      return histogramQueries(q, metric as Metric<"histogram">, by);
  }
}

function histogramQueries(
  q: ReturnType<typeof promql>,
  metric: Metric<"histogram">,
  by: readonly string[],
): string[] {
  return [
    q.quantile(0.9, metric, { by, atLeast: 10 }),
    ...bucketBounds(metric, { maxModelLen: 1000 }).map((bound) =>
      q.fractionBelow(bound, metric, { by }),
    ),
    ...[q.mean, q.total, q.observations, q.heatmap].map((build) => build(metric, { by })),
  ];
}
