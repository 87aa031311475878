import type { Mark, Span } from "./answers.ts";
import { interpolate } from "./interpolation.ts";
import type { Annotation } from "./dashboardModel.ts";
import { alignedRange, fillInLabels } from "./panels.ts";
import {
  type DataSource,
  parseDuration,
  queryRange,
  type Range,
  scrapeInterval,
} from "./prometheus.ts";
import type { Evaluated } from "./variables.ts";

/**
 * The moments that a dashboard marks, oldest first. If a series has values at several consecutive
 * moments, only the first is marked. If the value itself is the moment, each distinct value is marked
 * once.
 */
export async function evaluateAnnotations(
  annotations: Annotation[],
  { dataSource, values }: Pick<Evaluated, "dataSource" | "values">,
  time: Span,
): Promise<Mark[]> {
  const found = annotations
    .filter(({ enable, expr }) => enable !== false && expr)
    .map(async (annotation) => {
      const source = dataSource(annotation);
      if (!source) return [];
      const { expr, range } = annotationQuery(annotation, source, { values, time });
      const series = await queryRange(source, expr, range);
      return series.flatMap(({ metric, values: samples }) =>
        moments(samples, range.step, annotation.useValueForTime === true).map((moment) => ({
          time: moment,
          colour: annotation.iconColor ?? "blue",
          title: fillInLabels(annotation.titleFormat ?? annotation.name, metric),
          text: fillInLabels(annotation.textFormat ?? "", metric),
        })),
      );
    });
  const marks = (await Promise.all(found)).flat();
  return marks
    .filter((mark) => mark.time >= time.from && mark.time <= time.to)
    .sort((a, b) => a.time - b.time);
}

/** The query for the moments of an annotation. */
export function annotationQuery(
  annotation: Annotation,
  dataSource: DataSource,
  { values, time }: { values: Record<string, string>; time: Span },
): { expr: string; range: Range } {
  const step = parseDuration(annotation.step) ?? 60;
  const expr = interpolate(annotation.expr ?? "", {
    ...{ step, variables: values, range: time.to - time.from },
    scrapeInterval: scrapeInterval(dataSource),
  });
  // A long span has many moments. The longer the span, the larger the step, so that there are never
  // more moments than a chart has pixels.
  const range = alignedRange(time, Math.max(step, Math.ceil((time.to - time.from) / 1000)));
  return { expr, range };
}

function moments(samples: [number, string][], step: number, areValues: boolean): number[] {
  if (areValues) return [...new Set(samples.map(([, value]) => Number(value) / 1000))];
  return samples.flatMap(([time], index) => {
    const before = samples[index - 1]?.[0];
    return before === undefined || time - before > step * 1.5 ? [time] : [];
  });
}
