import { configOf, displayIn } from "../data/display.ts";
import { reduce } from "../data/reduce.ts";
import { seriesOf } from "../data/series.ts";
import { element } from "./dom.ts";
import { type Draw, nothing } from "./panels.ts";

/** A bar for each series, between the smallest and the largest value that there can be. */
export const drawBarGauge: Draw = (body, panel, answer) => {
  const { options = {} } = panel;
  const calculation = options.reduceOptions?.calcs?.[0] ?? "lastNotNull";
  const bars = seriesOf(panel, answer).map(({ name, values }) => ({
    name,
    value: reduce(values, calculation),
    config: configOf(panel, name),
  }));
  if (bars.length === 0) return nothing(panel);

  const known = bars.flatMap(({ value }) => value ?? []);
  const list = element("div", { class: "bars" });
  for (const { name, value, config } of bars) {
    const { text, colour } = displayIn(config)(value);
    const [low, high] = [config.min ?? Math.min(0, ...known), config.max ?? Math.max(...known)];
    const share = value === null || high <= low ? 0 : (value - low) / (high - low);
    const fill = element("i");
    fill.style.width = `${Math.min(1, Math.max(0, share)) * 100}%`;
    fill.style.background = colour;
    const number = element("strong", {}, text);
    number.style.color = colour;
    list.append(element("span", { title: name }, name), element("div", {}, fill), number);
  }
  body.append(list);
  return {};
};
