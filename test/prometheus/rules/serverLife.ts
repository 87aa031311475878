/** The series of a server whose behaviour is described by functions of time. */
import { bucketBounds, formatFloat, metrics, type Metric } from "../../../vllm/index.ts";

/** A series in promtool's format. */
export interface PromtoolSeries {
  series: string;
  values: string;
}

/** A value as a function of time in seconds. */
export type Course = (at: number) => number;

/** What a server does: gauges are values, everything else is a rate per second. */
export interface Life {
  /** Whether it is a target of Prometheus, whether it answers, and whether it exposes vLLM's metrics. */
  target: Course;
  up: Course;
  vllm: Course;
  running: Course;
  /** Whether `running` is exposed. With several API servers, vLLM exposes it after the first request. */
  runningExposed: Course;
  waiting: Course;
  capacity: Course;
  awake: Course;
  kvCache: Course;
  startTime: Course;
  scrapeSeconds: Course;
  openFiles: Course;
  finished: Course;
  failed: Course;
  /** Streams whose client disconnects after the first token. */
  aborted: Course;
  rejected: Course;
  corrupted: Course;
  preempted: Course;
  steps: Course;
  tokens: Course;
  http: Course;
  http5xx: Course;
  /** Ratios from 0 to 1. */
  prefixHits: Course;
  lateFirstTokens: Course;
  slowTokens: Course;
  singleTokens: Course;
  slowRequests: Course;
  longQueues: Course;
  /** Mean queue time per request, and mean time between two tokens, in seconds. */
  queueSeconds: Course;
  tokenSeconds: Course;
  /** Metrics that the server does not expose. */
  lacks: readonly string[];
}

/** A constant value. */
export const always =
  (value: number): Course =>
  () =>
    value;

/** One value before the given time, and another from then on. */
export const from =
  (time: number, after: number, before: number): Course =>
  (at) =>
    at >= time ? after : before;

const HEALTHY: Life = {
  target: always(1),
  up: always(1),
  vllm: always(1),
  running: always(4),
  runningExposed: always(1),
  waiting: always(0),
  capacity: always(0),
  awake: always(1),
  kvCache: always(0.3),
  startTime: always(1000),
  scrapeSeconds: always(0.02),
  openFiles: always(33),
  finished: always(1),
  failed: always(0),
  aborted: always(0),
  rejected: always(0),
  corrupted: always(0),
  preempted: always(0),
  steps: always(30),
  tokens: always(100),
  http: always(1),
  http5xx: always(0),
  prefixHits: always(0.6),
  lateFirstTokens: always(0),
  slowTokens: always(0),
  singleTokens: always(0),
  slowRequests: always(0),
  longQueues: always(0),
  queueSeconds: always(0.1),
  tokenSeconds: always(0.05),
  lacks: [],
};

export interface DescribedServer {
  instance?: string;
  model?: string;
  /** The data-parallel rank. */
  engine?: string;
  life?: Partial<Life>;
}

/** The length of the series and the step between samples, in seconds, and the form of histograms. */
export interface Time {
  seconds: number;
  step: number;
  histograms: "classic" | "native";
}

/** All series of a server. */
export function server(
  { instance = "a:8000", model = "m", engine: rank = "0", life = {} }: DescribedServer,
  time: Time,
): PromtoolSeries[] {
  const is: Life = { ...HEALTHY, ...life };
  const exposed: Course = (at) => is.target(at) && is.up(at) && is.vllm(at);
  const target = { job: "vllm", instance };
  const engine = { ...target, model_name: model, engine: rank };
  const level = (name: string, labels: SeriesLabels, course: Course, there: Course = exposed) =>
    is.lacks.includes(name) ? [] : [line(name, labels, time, there, course)];
  const counter = (name: string, labels: SeriesLabels, rate: Course) =>
    level(name, labels, counted(rate, is.startTime, time));
  const histogram = (
    metric: Metric<"histogram">,
    rate: Course,
    values: Course,
    late: LatencySpread,
  ) =>
    is.lacks.includes(metric.name)
      ? []
      : histogramLines(metric, engine, time, exposed, { rate, values, late, birth: is.startTime });
  const all: Course = (at) => is.finished(at) + is.failed(at);
  const share =
    (one: Course, rest = all): Course =>
    (at) =>
      one(at) * rest(at);
  return [
    ...level("up", target, is.up, is.target),
    ...level("scrape_duration_seconds", target, is.scrapeSeconds, is.target),
    ...level("process_start_time_seconds", target, is.startTime),
    ...level("process_open_fds", target, is.openFiles),
    ...level(
      "vllm:num_requests_running",
      engine,
      is.running,
      (at) => exposed(at) && is.runningExposed(at),
    ),
    ...level("vllm:num_requests_waiting", engine, is.waiting),
    ...level("vllm:num_requests_waiting_by_reason", { ...engine, reason: "capacity" }, is.capacity),
    ...level(
      "vllm:num_requests_waiting_by_reason",
      { ...engine, reason: "deferred" },
      (at) => is.waiting(at) - is.capacity(at),
    ),
    ...level("vllm:engine_sleep_state", { ...engine, sleep_state: "awake" }, is.awake),
    ...level("vllm:kv_cache_usage_perc", engine, is.kvCache),
    ...counter("vllm:request_success_total", { ...engine, finished_reason: "stop" }, is.finished),
    ...counter("vllm:request_success_total", { ...engine, finished_reason: "error" }, is.failed),
    ...counter(
      "vllm:admission_rejections_total",
      { ...target, model_name: model, reason: "max_num_queued_reqs" },
      is.rejected,
    ),
    ...counter("vllm:corrupted_requests_total", engine, is.corrupted),
    ...counter("vllm:num_preemptions_total", engine, is.preempted),
    ...counter("vllm:prompt_tokens_total", engine, (at) => is.tokens(at) * 2),
    ...counter("vllm:generation_tokens_total", engine, is.tokens),
    ...counter("vllm:prefix_cache_queries_total", engine, (at) => is.tokens(at) * 2),
    ...counter(
      "vllm:prefix_cache_hits_total",
      engine,
      share(is.prefixHits, (at) => is.tokens(at) * 2),
    ),
    ...counter("vllm:external_prefix_cache_queries_total", engine, is.tokens),
    ...counter("vllm:external_prefix_cache_hits_total", engine, always(0)),
    ...counter(
      "http_requests_total",
      { ...target, handler: "/v1/completions", method: "POST", status: "2xx" },
      is.http,
    ),
    ...counter(
      "http_requests_total",
      { ...target, handler: "/v1/completions", method: "POST", status: "5xx" },
      is.http5xx,
    ),
    ...histogram(metrics.iterationTokens, is.steps, always(8), [8, 8, always(0)]),
    ...histogram(metrics.timeToFirstToken, (at) => is.finished(at) + is.aborted(at), always(0.2), [
      0.5,
      2.5,
      is.lateFirstTokens,
    ]),
    ...histogram(metrics.interTokenLatency, is.tokens, is.tokenSeconds, [0.05, 0.2, is.slowTokens]),
    ...histogram(metrics.requestTimePerOutputToken, is.finished, always(0.05), [
      0.05,
      0.2,
      is.slowTokens,
    ]),
    ...histogram(metrics.endToEndLatency, is.finished, always(5), [5, 480, is.slowRequests]),
    ...histogram(metrics.queueTime, is.finished, is.queueSeconds, [0.3, 0.5, is.longQueues]),
    ...histogram(metrics.requestGenerationTokens, is.finished, always(100), [
      100,
      1,
      is.singleTokens,
    ]),
  ];
}

/** A single series, independent of a server's life. */
export function plainSeries(
  name: string,
  labels: SeriesLabels,
  course: Course,
  time: Time,
  there: Course = always(1),
): PromtoolSeries {
  return line(name, labels, time, there, course);
}

/** A single counter, independent of a server's life. */
export function plainCounter(
  name: string,
  labels: SeriesLabels,
  rate: Course,
  time: Time,
): PromtoolSeries {
  return line(name, labels, time, always(1), counted(rate, always(0), time));
}

type SeriesLabels = Readonly<Record<string, string>>;

/** Two bounds, and the share of values in the second one's bucket. The rest is in the first one's. */
type LatencySpread = [usual: number, late: number, share: Course];

function line(
  name: string,
  labels: SeriesLabels,
  time: Time,
  there: Course,
  course: Course,
): PromtoolSeries {
  const values = times(time).map((at) => value(at, there, time, () => `${course(at)}`));
  return { series: selector(name, labels), values: values.join(" ") };
}

/** A failed scrape marks its series as stale. After that there are no samples. */
function value(at: number, there: Course, { step }: Time, one: () => string): string {
  if (there(at)) return one();
  return at >= step && there(at - step) ? "stale" : "_";
}

/** A counter's value: the sum of its rate since the server's last start. */
function counted(rate: Course, birth: Course, time: Time): Course {
  const sums = new Map<number, number>();
  let sum = 0;
  for (const at of times(time)) {
    sum = at > 0 && birth(at) !== birth(at - time.step) ? 0 : sum + rate(at) * time.step;
    sums.set(at, Number(sum.toPrecision(12)));
  }
  return (at) => sums.get(at) ?? 0;
}

function histogramLines(
  metric: Metric<"histogram">,
  labels: SeriesLabels,
  time: Time,
  there: Course,
  {
    rate,
    values,
    late: [usual, late, share],
    birth,
  }: { rate: Course; values: Course; late: LatencySpread; birth: Course },
): PromtoolSeries[] {
  const bounds = bucketBounds(metric, { maxModelLen: 1000 }).filter((bound) => KEPT.has(bound));
  const lates = counted((at) => rate(at) * share(at), birth, time);
  const counts = counted(rate, birth, time);
  const sums = counted((at) => rate(at) * values(at), birth, time);
  const upTo = (bound: number, at: number) =>
    (usual <= bound ? counts(at) - lates(at) : 0) + (late <= bound ? lates(at) : 0);
  if (time.histograms === "classic") {
    return [
      ...[...bounds, Infinity].map((bound) =>
        line(`${metric.name}_bucket`, { ...labels, le: formatFloat(bound) }, time, there, (at) =>
          upTo(bound, at),
        ),
      ),
      line(`${metric.name}_count`, labels, time, there, counts),
      line(`${metric.name}_sum`, labels, time, there, sums),
    ];
  }
  const native = (at: number) => {
    const buckets = [...bounds, Infinity].map(
      (bound, index) => upTo(bound, at) - (index === 0 ? 0 : upTo(bounds[index - 1] ?? 0, at)),
    );
    return `{{schema:-53 count:${counts(at)} sum:${sums(at)} custom_values:[${bounds.join(" ")}] buckets:[${buckets.join(" ")}]}}`;
  };
  const samples = times(time).map((at) => value(at, there, time, () => native(at)));
  return [{ series: selector(metric.name, labels), values: samples.join(" ") }];
}

/** The bounds that these tests need. With all bounds the tests take several times as long. */
const KEPT = new Set([0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 8, 100, 240, 480]);

function times({ seconds, step }: Time): number[] {
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

function selector(name: string, labels: SeriesLabels): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.join(",")}}`;
}
