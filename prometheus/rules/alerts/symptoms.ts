/** Symptoms that users notice: failures, rejections, waiting, and wrong answers. */
import { scaledSeconds } from "../../../common/timeScale.ts";
import { percent } from "../../../common/percent.ts";
import { httpAnswers, math, metrics as m, ratio } from "../../../vllm/index.ts";
import { SHORTEST_WINDOW, withModel, type RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function symptomAlerts(context: RuleContext): RuleGroup<AlertRule> {
  return {
    name: "vllm-symptoms",
    rules: [
      errorRatioHigh(context),
      httpErrorRatioHigh(context),
      httpMostlyErrors(context),
      admissionRejected(context),
      nanLogits(context),
      queueGrowing(context),
      queueTimeHigh(context),
      preemptionsHigh(context),
      prefixHitsCollapsed(context),
    ],
  };
}

/** Whether events at this rate are frequent enough to be judged by a ratio. */
function enough({ time, options }: RuleContext, rate: string): string {
  return math`${rate} * ${scaledSeconds(time, SHORTEST_WINDOW)} >= ${options.thresholds.failedRequests}`;
}

function errorRatioHigh(context: RuleContext): AlertRule {
  const { time, options } = context;
  const limit = options.thresholds.errorRatio;
  return {
    name: "VllmErrorRatioHigh",
    severity: "critical",
    concern: "errors",
    expr: math`model:vllm_request_errors:ratio_rate5m > ${limit} and ${enough(context, "model:vllm_request_errors:rate5m")}`,
    for: time("5m"),
    meaning: "Requests to the model fail",
    summary: "requests to {{ $labels.model_name }} fail",
    description: `{{ $value | humanizePercentage }} of the finished requests of {{ $labels.model_name }} failed in the engine; more than ${percent(limit)} is too much.`,
    value: VALUE.percent,
    threshold: percent(limit),
    thresholds: ["errorRatio", "failedRequests"],
    dashboard: dashboardUrl(options.links, "overview", "model_name"),
  };
}

/** The share of admitted requests that each server answers with 5xx, if the share is above a limit. */
function httpErrors(context: RuleContext, limit: number): string {
  const { q, options } = context;
  const { all, failed } = httpAnswers(q, options.targetLabels);
  const share = math`${ratio(failed, all)} > ${limit}`;
  return withModel(math`${share} and ${enough(context, failed)}`);
}

function httpErrorRatioHigh(context: RuleContext): AlertRule {
  const { time, options } = context;
  const limit = options.thresholds.errorRatio;
  return {
    name: "VllmHttpErrorRatioHigh",
    severity: "warning",
    concern: "errors",
    expr: httpErrors(context, limit),
    for: time("5m"),
    meaning: "The server answers requests with server errors",
    summary: "{{ $labels.instance }} answers requests with server errors",
    description: `{{ $value | humanizePercentage }} of the HTTP requests to {{ $labels.instance }} (model {{ $labels.model_name }}) were answered with 5xx; the limit is ${percent(limit)}. Requests that a queue limit rejected do not count, requests that failed before they reached an engine do.`,
    value: VALUE.percent,
    threshold: percent(limit),
    thresholds: ["errorRatio", "failedRequests"],
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function httpMostlyErrors(context: RuleContext): AlertRule {
  const { time, options } = context;
  return {
    name: "VllmHttpMostlyErrors",
    severity: "critical",
    concern: "errors",
    expr: httpErrors(context, 0.5),
    for: time("2m"),
    meaning: "The server answers most requests with server errors",
    summary: "{{ $labels.instance }} answers most requests with server errors",
    description:
      "{{ $value | humanizePercentage }} of the HTTP requests to {{ $labels.instance }} (model {{ $labels.model_name }}) were answered with 5xx. Requests that a queue limit rejected do not count, requests that failed before they reached an engine do.",
    value: VALUE.percent,
    threshold: "50 %",
    thresholds: ["failedRequests"],
    origin: "A server that fails more often than it answers is of no use. Our choice.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function admissionRejected(context: RuleContext): AlertRule {
  const { q, time, by, options } = context;
  const limit = options.thresholds.rejectionRatio;
  const rejected = q.rate(m.admissionRejections, { by: by.model });
  const finished = q.rate(m.requestsFinished, { by: by.model });
  return {
    name: "VllmAdmissionRejected",
    severity: "warning",
    concern: "saturation",
    expr: math`${ratio(rejected, math`${rejected} + ${finished}`)} > ${limit} and ${enough(context, rejected)}`,
    // Shorter than the waiting time of every alert that rejections lead to, so that the cause is notified
    // first.
    for: time("1m"),
    meaning: "The model rejects requests: its queue is full",
    summary: "{{ $labels.model_name }} rejects requests: its queue is full",
    description: `A queue limit (--max-num-queued-reqs or --max-num-queued-tokens) rejected {{ $value | humanizePercentage }} of the requests to {{ $labels.model_name }} with HTTP 503; the limit is ${percent(limit)}.`,
    value: VALUE.percent,
    threshold: percent(limit),
    thresholds: ["rejectionRatio", "failedRequests"],
    dashboard: dashboardUrl(options.links, "overview", "model_name"),
  };
}

function nanLogits({ q, time, by, options }: RuleContext): AlertRule {
  const corrupted = q.increase(m.corruptedRequests, { by: by.instance, window: time("10m") });
  return {
    name: "VllmNanLogits",
    severity: "critical",
    concern: "errors",
    expr: math`${corrupted} > 0`,
    meaning: "The server computes NaN",
    summary: "{{ $labels.instance }} computes NaN",
    description:
      'In {{ $value | printf "%.0f" }} requests within ten minutes {{ $labels.instance }} (model {{ $labels.model_name }}) computed NaN instead of a probability: its answers are garbage.',
    value: VALUE.number,
    threshold: "0",
    origin: "One is too many: healthy weights and kernels never compute NaN.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function queueGrowing({ time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.drainSeconds;
  const waiting = "model:vllm_requests_waiting:avg5m";
  return {
    name: "VllmQueueGrowing",
    severity: "warning",
    concern: "saturation",
    expr: math`${waiting} / (model:vllm_requests:rate5m > 0) > ${limit} and ${waiting} > ${waiting} offset ${time("10m")}`,
    for: time("5m"),
    meaning: "The queue of the model grows",
    summary: "the queue of {{ $labels.model_name }} grows",
    description: `At its present pace {{ $labels.model_name }} would need {{ $value | humanizeDuration }} for the requests that wait, and there are more of them than ten minutes ago; ${limit} s is the limit.`,
    value: VALUE.seconds,
    threshold: `${limit} s`,
    thresholds: ["drainSeconds"],
    dashboard: dashboardUrl(options.links, "overview", "model_name"),
  };
}

function queueTimeHigh({ time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.queueSeconds;
  return {
    name: "VllmQueueTimeHigh",
    severity: "warning",
    concern: "saturation",
    expr: math`model:vllm_request_queue_time_seconds:mean_rate5m > ${limit}`,
    for: time("10m"),
    meaning: "Requests to the model wait long",
    summary: "requests to {{ $labels.model_name }} wait long",
    description: `On average a request to {{ $labels.model_name }} waits {{ $value | humanizeDuration }} before work on it begins; ${limit} s is the limit.`,
    value: VALUE.seconds,
    threshold: `${limit} s`,
    thresholds: ["queueSeconds"],
    dashboard: dashboardUrl(options.links, "overview", "model_name"),
  };
}

/** Minimum number of preemptions in five minutes: with fewer, their ratio says little. */
const PREEMPTIONS = 5;

function preemptionsHigh({ q, time, by, options }: RuleContext): AlertRule {
  const limit = options.thresholds.preemptionRatio;
  const preempted = q.increase(m.preemptions, { by: by.engine });
  // If answers are long, it can happen that none finishes for a while.
  const finished = `clamp_min(${q.increase(m.requestsFinished, { by: by.engine })}, 1)`;
  return {
    name: "VllmPreemptionsHigh",
    severity: "warning",
    concern: "cache",
    expr: math`${preempted} / ${finished} > ${limit} and ${preempted} >= ${PREEMPTIONS}`,
    for: time("5m"),
    meaning: "The server preempts requests: its KV cache is too small",
    summary: "{{ $labels.instance }} preempts requests: its KV cache is too small",
    description: `Engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) preempted {{ $value | printf "%.2f" }} requests per finished request; the limit is ${limit}. Its KV cache fills up, so that running requests are interrupted and computed again later.`,
    value: '{{ $value | printf "%.2f" }} per finished request',
    threshold: `${limit} per finished request`,
    thresholds: ["preemptionRatio"],
    origin: `At least ${PREEMPTIONS} in five minutes.`,
    dashboard: dashboardUrl(options.links, "kvCache", "model_name", "instance"),
  };
}

function prefixHitsCollapsed({ q, time, by, options }: RuleContext): AlertRule {
  const limit = options.thresholds.prefixHitShare;
  const now = "model:vllm_prefix_cache_hits:ratio_rate30m";
  const past = `avg_over_time(${now}[${time("1d")}] offset ${time("1h")})`;
  const requests = q.increase(m.requestsFinished, { by: by.model, window: time("30m") });
  return {
    name: "VllmPrefixHitsCollapsed",
    severity: "warning",
    concern: "cache",
    expr: math`${now} / (${past} > 0.1) < ${limit} and ${requests} >= 100`,
    for: time("15m"),
    meaning: "The prefix cache of the model hits far less than before",
    summary: "the prefix cache of {{ $labels.model_name }} hits far less than before",
    description: `The prefix hit rate of {{ $labels.model_name }} is {{ $value | humanizePercentage }} of what it was over the day before; below ${percent(limit)} something changed.`,
    value: VALUE.percent,
    threshold: percent(limit),
    thresholds: ["prefixHitShare"],
    dashboard: dashboardUrl(options.links, "kvCache", "model_name"),
  };
}
