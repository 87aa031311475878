/** What rules would have recorded, and which alerts would have been active, over a span of the past. */
import { parse } from "yaml";
import { milliseconds } from "../../common/duration.ts";
import { type DataSource, queryRange, type Range, type RangeSeries } from "../page/prometheus.ts";

/** The values of one series, with its labels; the name is one of them. */
export type PastSeries = Pick<RangeSeries, "metric" | "values" | "histograms">;

/**
 * Evaluates rule files over the past with a Prometheus that has the targets' data. `store` gets the series
 * of each wave and ends when Prometheus has them: first the rules that need no others, then the rules
 * that need those, and finally the alerts.
 *
 * @param files Rule files by name.
 * @param range Its step applies to groups without their own interval; every group is evaluated at the
 *   end of the range.
 */
export async function evaluatePast(
  url: string,
  files: Record<string, string>,
  range: Range,
  store: (series: PastSeries[], what: "recorded" | "alerts") => Promise<void>,
): Promise<void> {
  const rules = rulesOf(files);
  const source: DataSource = {
    ...{ uid: "", name: "", type: "prometheus", isDefault: true, jsonData: {} },
    url,
  };
  let rest = rules.flatMap(({ record, ...rule }) =>
    record === undefined ? [] : [{ record, ...rule }],
  );
  while (rest.length > 0) {
    const names = new Set(rest.map(({ record }) => record));
    // A rule may refer to the series that it records itself.
    const ready = rest.filter(({ record, expr }) =>
      (expr.match(/[\w:]+/g) ?? []).every((word) => word === record || !names.has(word)),
    );
    if (ready.length === 0) throw new Error("These rules need each other in a circle.");
    rest = rest.filter((rule) => !ready.includes(rule));
    const series: PastSeries[] = [];
    for (const { record, expr, labels, interval } of ready) {
      const found = await queryRange(source, expr, stepped(range, interval));
      series.push(...found.map((one) => named(record, labels, one)));
    }
    await store(series, "recorded");
  }
  const series: PastSeries[] = [];
  for (const { alert, expr, labels, for: hold = "0s" } of rules) {
    if (alert === undefined) continue;
    const found = await queryRange(source, expr, stepped(range, undefined));
    const all = { alertname: alert, ...labels };
    series.push(...found.flatMap((one) => active(all, milliseconds(hold) / 1000, one, range.step)));
  }
  await store(series, "alerts");
}

function stepped({ end, ...range }: Range, interval: string | undefined): Range {
  const step = interval === undefined ? range.step : milliseconds(interval) / 1000;
  return { ...range, start: end - Math.floor((end - range.start) / step) * step, end, step };
}

interface PastRule {
  /** The interval of its group, if it has one. */
  interval?: string;
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
}

interface PastGroup {
  interval?: string;
  rules: PastRule[];
}

function rulesOf(files: Record<string, string>): PastRule[] {
  return Object.values(files)
    .flatMap((text) => (parse(text) as { groups: PastGroup[] }).groups)
    .flatMap(({ interval, rules }) =>
      rules.map((rule) => ({ ...rule, ...(interval && { interval }) })),
    );
}

/** The series of an alert that is active wherever its expression has a value: first pending, then firing. */
function active(
  labels: Record<string, string>,
  hold: number,
  { metric, values }: RangeSeries,
  step: number,
): PastSeries[] {
  const states: Record<string, PastSeries["values"]> = { pending: [], firing: [] };
  const begun: PastSeries["values"] = [];
  let [since, last] = [NaN, NaN];
  for (const [time] of values) {
    if (time - last !== step) since = time;
    last = time;
    states[time - since >= hold ? "firing" : "pending"]?.push([time, "1"]);
    begun.push([time, String(since)]);
  }
  return [
    ...Object.entries(states)
      .filter(([, times]) => times.length > 0)
      .map(([alertstate, times]) =>
        named("ALERTS", { ...labels, alertstate }, { metric, values: times }),
      ),
    named("ALERTS_FOR_STATE", labels, { metric, values: begun }),
  ];
}

function named(
  name: string,
  labels: Record<string, string> = {},
  { metric, ...samples }: PastSeries,
): PastSeries {
  return { ...samples, metric: { ...metric, ...labels, __name__: name } };
}
