/** The head of the page: other dashboards, the variables, and the time range. */
import type { DashboardAnswer, ChosenVariable } from "../answers.ts";
import { ALL_OPTION } from "../data/allOption.ts";
import { moment } from "./chart.ts";
import { element } from "./dom.ts";
import type { Address } from "./address.ts";

/**
 * Shows the head. While one of its menus is open, the head stays unchanged, so that a refresh does
 * not close a menu that the reader is using.
 */
export function showControls(
  header: HTMLElement,
  answer: DashboardAnswer,
  address: Address,
  update: () => Promise<void>,
): void {
  if (header.querySelector("details[open]") ?? header.querySelector("select:focus")) return;
  const change = (values: Record<string, string[]>) => {
    address.change(values);
    void update();
  };
  const variables = answer.variables.filter(({ hidden }) => !hidden);
  header.replaceChildren(
    dashboardMenu(answer, address),
    ...variables.map((variable) =>
      variable.multi ? menu(variable, change) : dropDown(variable, answer, change),
    ),
    element("span", { class: "space" }),
    timeChoice(answer, address, (from) => {
      change({ from: [from], to: ["now"] });
    }),
    choice(
      "Refresh",
      REFRESHES,
      address.query.get("refresh") ?? answer.dashboard.refresh ?? "off",
      (value) => {
        change({ refresh: [value] });
      },
    ),
  );
}

/** The time range: one that ends now, or one that was selected in a chart. */
function timeChoice(
  { dashboard, time }: DashboardAnswer,
  { query }: Address,
  choose: (from: string) => void,
): HTMLElement {
  const from = query.get("from") ?? dashboard.time?.from ?? "now-1h";
  if (from.startsWith("now")) return choice("Time", SPANS, from, choose);
  const text = `${moment(time.from)} to ${moment(time.to)}`;
  return choice("Time", [[from, text], ...SPANS], from, choose);
}

const SPANS: [value: string, text: string][] = [
  ["now-5m", "5 minutes"],
  ["now-15m", "15 minutes"],
  ["now-30m", "30 minutes"],
  ["now-1h", "1 hour"],
  ["now-3h", "3 hours"],
  ["now-6h", "6 hours"],
  ["now-24h", "24 hours"],
  ["now-7d", "7 days"],
  ["now-30d", "30 days"],
];

const REFRESHES: [value: string, text: string][] = [
  ["off", "Off"],
  ["5s", "5 s"],
  ["10s", "10 s"],
  ["30s", "30 s"],
  ["1m", "1 min"],
  ["5m", "5 min"],
];

/**
 * The dashboard's title, which opens the list of all dashboards. Their links keep the time range and
 * the chosen values.
 */
function dashboardMenu({ dashboard, dashboards }: DashboardAnswer, address: Address): HTMLElement {
  const items = dashboards.map(({ uid, title }) => {
    const query = new URLSearchParams(address.query);
    // Keep a chosen time range, but not the dashboard's default: each dashboard has its own.
    query.delete("viewPanel");
    const link = `/d/${encodeURIComponent(uid)}?${query.toString()}`;
    return element("a", { href: link, ...(uid === dashboard.uid && { class: "current" }) }, title);
  });
  return element(
    "details",
    { class: "menu dashboards" },
    element("summary", { title: dashboard.description ?? "" }, element("h1", {}, dashboard.title)),
    element("div", {}, ...items),
  );
}

/** A variable with exactly one chosen value. */
function dropDown(
  { name, label, options, chosen }: ChosenVariable,
  { dataSources }: DashboardAnswer,
  change: (values: Record<string, string[]>) => void,
): HTMLElement {
  const text = (value: string) => dataSources.find(({ uid }) => uid === value)?.name ?? value;
  const pairs = options.map((value): [string, string] => [value, text(value)]);
  return choice(label, pairs, chosen[0] ?? "", (value) => {
    change({ [`var-${name}`]: [value] });
  });
}

function choice(
  label: string,
  options: [value: string, text: string][],
  current: string,
  choose: (value: string) => void,
): HTMLElement {
  const known = options.some(([value]) => value === current);
  const all: typeof options = known ? options : [...options, [current, current]];
  const select = element(
    "select",
    {},
    ...all.map(([value, text]) =>
      element("option", { value, ...(value === current && { selected: "" }) }, text),
    ),
  );
  select.addEventListener("change", () => {
    select.blur();
    choose(select.value);
  });
  return element("label", {}, label, select);
}

/** A variable for which any number of values can be chosen; choosing none means all. */
function menu(
  { name, label, options, chosen }: ChosenVariable,
  change: (values: Record<string, string[]>) => void,
): HTMLElement {
  const boxes = options.map((value) => {
    const box = element("input", {
      type: "checkbox",
      value,
      ...(chosen.includes(value) && { checked: "" }),
    });
    return { box, row: element("label", {}, box, value) };
  });
  const apply = element("button", {}, "Show");
  const shown = chosen.includes(ALL_OPTION) ? "All" : chosen.join(", ");
  const details = element(
    "details",
    { class: "menu" },
    element("summary", {}, label, element("b", { title: shown }, shown)),
    element(
      "div",
      {},
      ...(boxes.length > 0 ? boxes.map(({ row }) => row) : [element("p", {}, "Nothing to choose")]),
      element("p", { class: "quiet" }, "None chosen: all"),
      apply,
    ),
  );
  apply.addEventListener("click", () => {
    details.open = false;
    const values = boxes.flatMap(({ box }) => (box.checked ? [box.value] : []));
    change({ [`var-${name}`]: values.length > 0 ? values : [ALL_OPTION] });
  });
  return details;
}
