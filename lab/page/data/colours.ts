/** Grafana's colours, as in its dark theme. */
import type { PanelThresholds } from "../dashboardModel.ts";

export const TEXT_COLOUR = "#ccccdc";
export const GRID = "rgba(204, 204, 220, 0.1)";
export const PANEL_COLOUR = "#181b1f";

/** The colour for a name such as `dark-red`; a CSS colour stays as it is. */
export function colourOf(name: string): string {
  return NAMED[name] ?? name;
}

/** The colour of a panel's nth series. */
export function seriesColour(index: number): string {
  return PALETTE[index % PALETTE.length] ?? TEXT_COLOUR;
}

/** The colour of a value according to its panel's thresholds. */
export function thresholdColour({ steps }: PanelThresholds, value: number): string {
  const reached = steps.findLast((step) => step.value === null || value >= step.value);
  return colourOf((reached ?? steps[0])?.color ?? "text");
}

/** Black or white, whichever is readable on the given colour. */
export function readableOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = (/^#(..)(..)(..)/.exec(colour) ?? [])
    .slice(1)
    .map((part) => parseInt(part, 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#111217" : "#ffffff";
}

/** A colour with transparency: `#rrggbb` with an opacity from 0 to 1. */
export function faded(colour: string, opacity: number): string {
  const alpha = Math.round(opacity * 255).toString(16);
  return colour.startsWith("#") ? colour + alpha.padStart(2, "0") : colour;
}

/**
 * The scheme "Spectral" for shares from 0 to 1. Grafana reverses it so that high values are red. It
 * is ColorBrewer's scheme, with interpolated colours.
 */
export function spectral(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (SPECTRAL.length - 1);
  const [low = [], high = []] = [SPECTRAL[Math.floor(at)], SPECTRAL[Math.ceil(at)]];
  const part = at - Math.floor(at);
  const mixed = low.map((value, index) => Math.round(value + part * ((high[index] ?? 0) - value)));
  return `rgb(${mixed.join(",")})`;
}

const SPECTRAL = [
  [94, 79, 162],
  [50, 136, 189],
  [102, 194, 165],
  [171, 221, 164],
  [230, 245, 152],
  [255, 255, 191],
  [254, 224, 139],
  [253, 174, 97],
  [244, 109, 67],
  [213, 62, 79],
  [158, 1, 66],
];

const NAMED: Record<string, string> = {
  text: TEXT_COLOUR,
  transparent: "rgba(0, 0, 0, 0)",
  ...shades("red", "#FFA6B0 #FF7383 #F2495C #E02F44 #C4162A"),
  ...shades("orange", "#FFCB7D #FFB357 #FF9830 #FF780A #FA6400"),
  ...shades("yellow", "#FFF899 #FFEE52 #FADE2A #F2CC0C #E0B400"),
  ...shades("green", "#C8F2C2 #96D98D #73BF69 #56A64B #37872D"),
  ...shades("blue", "#C0D8FF #8AB8FF #5794F2 #3274D9 #1F60C4"),
  ...shades("purple", "#DEB6F2 #CA95E5 #B877D9 #A352CC #8F3BB8"),
};

function shades(hue: string, colours: string): Record<string, string> {
  const names = ["super-light-", "light-", "", "semi-dark-", "dark-"];
  const values = colours.split(" ");
  return Object.fromEntries(names.map((name, index) => [name + hue, values[index] ?? ""]));
}

/** "Classic palette", in its order. */
const PALETTE = (
  "#73BF69 #F2CC0C #5794F2 #FF9830 #F2495C #B877D9 #37872D #E0B400 #1F60C4 #FA6400 #C4162A #8F3BB8 " +
  "#C8F2C2 #FFF899 #C0D8FF #FFCB7D #FFA6B0 #DEB6F2 #447EBC #C15C17 #890F02 #0A437C #6D1F62 #584477 " +
  "#B7DBAB #F4D598 #70DBED #F9BA8F #F29191 #82B5D8 #E5A8E2 #AEA2E0 #629E51 #E5AC0E #64B0C8 #E0752D"
).split(" ");
