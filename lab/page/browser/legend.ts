import type { DisplayedValue } from "../data/display.ts";
import { calculation, reduce } from "../data/calculations.ts";
import type { PanelOptions } from "../dashboardModel.ts";
import { element, swatch } from "./dom.ts";

/** A series as shown in a legend. */
export interface Entry {
  name: string;
  colour: string;
  values: readonly (number | null)[];
  display: (value: number | null) => DisplayedValue;
}

/** The one series that the reader wants to see, if any, and the action when another is chosen. */
export interface SeriesSelection {
  alone: string | undefined;
  choose: (alone: string | undefined) => void;
}

/**
 * The names of a chart's series as a list, or as a table with numbers; undefined if the panel has no
 * legend. A click on a name shows only that series; a second click shows all series again.
 */
export function legend(
  entries: Entry[],
  options: NonNullable<PanelOptions["legend"]>,
  { alone, choose }: SeriesSelection,
): HTMLElement | undefined {
  if (options.showLegend === false || options.displayMode === "hidden") return undefined;
  const calcs = options.calcs ?? [];
  const isTable = options.displayMode === "table";
  const names = new Map(entries.map((entry) => [entry, nameOf(entry)]));
  for (const [{ name }, item] of names) {
    item.classList.toggle("faint", alone !== undefined && name !== alone);
    item.addEventListener("click", () => {
      choose(alone === name ? undefined : name);
    });
  }
  const side = options.placement === "right" ? "right" : "bottom";
  if (!isTable) {
    const items = entries.map((entry) => {
      const numbers = calcs.map((id) => numberOf(entry, id));
      return element("span", {}, names.get(entry) ?? "", ...numbers);
    });
    return element("div", { class: `legend list ${side}` }, ...items);
  }
  const heads = ["", ...calcs.map((id) => calculation(id).title)];
  const rows = ordered(entries, options).map((entry) =>
    element(
      "tr",
      {},
      element("td", {}, names.get(entry) ?? ""),
      ...calcs.map((id) => element("td", {}, numberOf(entry, id))),
    ),
  );
  return element(
    "div",
    { class: `legend ${side}` },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", {}, head)))),
      element("tbody", {}, ...rows),
    ),
  );
}

/** Truncates the names in a table that is too wide, so that its numbers stay visible. */
export function shortenNames(key: HTMLElement): void {
  const excess = key.scrollWidth - key.clientWidth;
  const names = [...key.querySelectorAll<HTMLElement>("td .name")];
  const widest = Math.max(0, ...names.map(({ offsetWidth }) => offsetWidth));
  if (excess <= 0) return;
  for (const name of names) name.style.maxWidth = `${Math.max(60, widest - excess)}px`;
}

function nameOf({ name, colour }: Entry): HTMLElement {
  return element(
    "button",
    { class: "name", title: name },
    swatch(colour),
    element("span", {}, name),
  );
}

function numberOf({ values, display }: Entry, id: string): string {
  return display(reduce(values, id)).text;
}

function ordered(
  entries: Entry[],
  { sortBy, sortDesc, calcs = [] }: PanelOptions["legend"] & object,
) {
  const id = calcs.find((calc) => calculation(calc).title === sortBy);
  if (id === undefined) return entries;
  const value = ({ values }: Entry) => reduce(values, id) ?? -Infinity;
  return entries.toSorted((a, b) => (sortDesc ? value(b) - value(a) : value(a) - value(b)));
}
