import { colourOf, readableOn } from "../data/colours.ts";
import { configOf, displayIn, type DisplayedValue } from "../data/display.ts";
import { reduce } from "../data/calculations.ts";
import { seriesOf } from "../data/series.ts";
import { element } from "./dom.ts";
import { addressOf } from "./drillDown.ts";
import { type Draw, nothing } from "./drawing.ts";

/** Large numbers, one for each series. */
export const drawStat: Draw = (body, panel, answer, context) => {
  const { options = {} } = panel;
  const found = seriesOf(panel, answer);
  // A stat without a value still has a tile, with its "no data" text and colour.
  const series = found.length > 0 ? found : [{ name: "", labels: {}, values: [null] }];

  const withNames =
    options.textMode === "value_and_name" ||
    options.textMode === "name" ||
    ((options.textMode ?? "auto") === "auto" && found.length > 1);
  const tiles = element("div", { class: "stats" });
  for (const { name, labels, values } of series) {
    const value = reduce(values, options.reduceOptions?.calcs?.[0] ?? "lastNotNull");
    const config = configOf(panel, name);
    const shown = displayIn({ noValue: "No data", ...config })(value);
    const [link] = config.links ?? [];
    const tile = link
      ? element("a", {
          class: "stat",
          href: addressOf(link, context, { labels }),
          title: link.title,
        })
      : element("div", { class: "stat" });
    if (withNames) tile.append(element("b", {}, name));
    const text = element("strong", {}, options.textMode === "none" ? "" : shown.text);
    tile.append(text);
    colour(tile, shown, options.colorMode ?? "value");
    tiles.append(tile);
  }
  body.append(tiles);
  fit(tiles);
  return found.length > 0 ? {} : nothing(panel);
};

function colour(tile: HTMLElement, { colour: name }: DisplayedValue, mode: string): void {
  const value = colourOf(name);
  if (mode.startsWith("background")) {
    tile.style.background = value;
    tile.style.color = readableOn(value);
  } else if (mode === "value") tile.style.color = value;
}

/** Makes the text as large as the tiles allow, and equally large in all of them. */
function fit(tiles: HTMLElement): void {
  const texts = [...tiles.querySelectorAll("strong")];
  let size = Math.min(52, tiles.clientHeight * 0.6);
  const fits = () =>
    texts.every(
      ({ parentElement: tile, scrollWidth }) => scrollWidth <= (tile?.clientWidth ?? 0) - 8,
    );
  tiles.style.fontSize = `${size}px`;
  while (size > 12 && !fits()) {
    size -= 2;
    tiles.style.fontSize = `${size}px`;
  }
}
