/**
 * Serves a recording of vLLM's metrics on :8000/metrics, with counters that go on counting: a demo
 * for machines without vLLM. One file on Node's builtins alone, since it runs in a bare container.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** What was counted until the recording is counted again in this time, in seconds. */
const SPAN = 180;

/** The load swells and ebbs by this share of the mean, once in this many seconds. */
const SWELL = 0.6;
const PERIOD = 420;

/**
 * The recording as a function of the time since the start, in seconds. The same time always gives
 * the same text; families, labels and their order are those of the recording.
 */
export function replay(recording: string): (seconds: number) => string {
  const types = new Map(
    [...recording.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => [name, type]),
  );
  const histograms = new Map<string, Histogram>();
  const parts = recording.split("\n").map((line): ((seconds: number) => string) => {
    const [, name = "", labels = "", text = ""] = /^([\w:]+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    const show = (value: (seconds: number) => number) => (seconds: number) =>
      `${name}${labels} ${value(seconds)}`;
    const recorded = Number(text);

    const [, base = "", suffix] = /^(.+?)(?:_(bucket|count|sum))?$/.exec(name) ?? [];
    if (types.get(base) === "histogram") {
      const key = base + withoutBound(labels);
      const histogram = histograms.get(key) ?? new Histogram();
      histograms.set(key, histogram);
      if (suffix === "count") return show((seconds) => histogram.count(seconds));
      if (suffix === "sum") {
        histogram.recordedSum = recorded;
        return show((seconds) => histogram.sum(seconds));
      }
      const bucket = histogram.add(bound(labels), recorded);
      return show((seconds) => histogram.below(bucket, seconds));
    }
    if (types.get(name) === "counter" || types.get(base) === "summary") {
      const whole = Number.isInteger(recorded);
      return show((seconds) => {
        const value = recorded * (1 + work(seconds) / SPAN);
        return whole ? Math.floor(value) : value;
      });
    }
    const gauge = GAUGES[name];
    if (!gauge || labels.includes('reason="deferred"')) return () => line;
    return show(gauge);
  });
  return (seconds) => parts.map((part) => part(seconds)).join("\n");
}

/** Seconds of mean load until now: grows at all times, faster while the load is above its mean. */
function work(seconds: number, phase = 0): number {
  const turn = (2 * Math.PI) / PERIOD;
  return seconds + (SWELL / turn) * (Math.cos(phase) - Math.cos(turn * seconds + phase));
}

/** The load now, as a share of its mean. */
function load(seconds: number): number {
  return 1 + SWELL * Math.sin((2 * Math.PI * seconds) / PERIOD);
}

/** What the recording has as zero, for it was made just after the load: values under that load. */
const GAUGES: Record<string, (seconds: number) => number> = {
  "vllm:num_requests_running": (seconds) => Math.round(8 * load(seconds)),
  "vllm:num_requests_waiting": waiting,
  "vllm:num_requests_waiting_by_reason": waiting,
  "vllm:kv_cache_usage_perc": (seconds) => 0.45 * load(seconds),
};

function waiting(seconds: number): number {
  return Math.max(0, Math.round(20 * (load(seconds) - 1.2)));
}

/** One series of a histogram. Slower buckets swell later than quicker ones, so quantiles move. */
class Histogram {
  recordedSum = 0;
  private readonly buckets: { recorded: number; middle: number }[] = [];
  private lastBound = 0;
  private lastBelow = 0;

  /** Adds the next bucket, by its upper bound and the recorded count below it; answers its index. */
  add(upper: number, below: number): number {
    // Nothing is known of what is above the last finite bound, so it counts as that bound.
    const top = Number.isFinite(upper) ? upper : this.lastBound;
    const middle = (this.lastBound + top) / 2;
    this.lastBound = top;
    const recorded = below - this.lastBelow;
    this.lastBelow = below;
    return this.buckets.push({ recorded, middle }) - 1;
  }

  below(index: number, seconds: number): number {
    return this.counts(seconds)
      .slice(0, index + 1)
      .reduce((total, count) => total + count, 0);
  }

  count(seconds: number): number {
    return this.below(this.buckets.length - 1, seconds);
  }

  /** The recorded sum, shared out over the buckets by their middles. */
  sum(seconds: number): number {
    const total = (counts: number[]) =>
      counts.reduce((sum, count, index) => sum + count * (this.buckets[index]?.middle ?? 0), 0);
    const recorded = total(this.buckets.map((bucket) => bucket.recorded));
    return recorded > 0 ? (this.recordedSum * total(this.counts(seconds))) / recorded : 0;
  }

  private counts(seconds: number): number[] {
    return this.buckets.map(({ recorded }, index) =>
      Math.floor(recorded * (1 + work(seconds, -index / this.buckets.length) / SPAN)),
    );
  }
}

function withoutBound(labels: string): string {
  const others = labels.replace(/\ble="[^"]*",?/, "").replace(/,?\}$/, "}");
  return others === "{}" ? "" : others;
}

function bound(labels: string): number {
  return Number(/\ble="([^"]*)"/.exec(labels)?.[1]?.replace("+Inf", "Infinity"));
}

if (process.argv[1] === import.meta.filename) {
  const metrics = replay(readFileSync(`${import.meta.dirname}/vllm-metrics.txt`, "utf8"));
  const started = Date.now();
  createServer((request, response) => {
    const found = request.url === "/metrics" && request.method === "GET";
    response.writeHead(found ? 200 : 404, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
    });
    response.end(found ? metrics((Date.now() - started) / 1000) : "Not found\n");
  }).listen(8000);
}
