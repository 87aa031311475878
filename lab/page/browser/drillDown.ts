/** Where a click leads. */
import type uPlot from "uplot";
import { linkAddress, type LinkContext } from "../data/links.ts";
import type { Link } from "../dashboardModel.ts";
import type { PanelContext } from "./drawing.ts";

/** The address of a panel's link for a value or a series. It keeps the page's time range. */
export function addressOf(
  { url }: Link,
  { answer, address }: PanelContext,
  about: Pick<LinkContext, "value" | "labels" | "fields">,
): string {
  const chosen = (name: string) =>
    answer.variables.find((variable) => variable.name === name)?.chosen ?? [];
  return linkAddress(url, { timeRange: address.timeRange, chosen, ...about });
}

/** A click on a chart follows the link for the line that is nearest to the pointer. */
export function drillDown(
  link: Link,
  context: PanelContext,
  labels: Record<string, string>[],
): uPlot.Plugin {
  return {
    hooks: {
      ready(plot) {
        plot.over.classList.add("leads");
        plot.over.addEventListener("click", () => {
          // Releasing the mouse after selecting a time range is not a click.
          if (plot.select.width > 0) return;
          const nearest = nearestLine(plot);
          if (nearest === undefined) return;
          location.assign(addressOf(link, context, { labels: labels[nearest] ?? {} }));
        });
      },
    },
  };
}

function nearestLine(plot: uPlot): number | undefined {
  const { idx, top = 0 } = plot.cursor;
  if (typeof idx !== "number") return undefined;
  const distances = plot.data.slice(1).flatMap((values, line) => {
    const value = values[idx];
    return typeof value === "number"
      ? [{ line, distance: Math.abs(plot.valToPos(value, "y") - top) }]
      : [];
  });
  return distances.sort((a, b) => a.distance - b.distance)[0]?.line;
}
