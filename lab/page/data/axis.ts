import type { FieldConfig } from "../dashboardModel.ts";
import { displayIn } from "./display.ts";

/**
 * The texts at the ticks of an axis. Those of a logarithmic one that have no place for a text are
 * null, and get what a missing value gets, as in Grafana.
 */
export function axisTexts(ticks: (number | null)[], config: FieldConfig): string[] {
  const texts = textsOf(
    ticks.filter((tick) => tick !== null),
    config,
  );
  const missing = displayIn(config)(null).text;
  return ticks.map((tick) => (tick === null ? missing : (texts.shift() ?? "")));
}

/** With the digits that it takes to tell the texts apart. */
function textsOf(places: number[], config: FieldConfig): string[] {
  let texts: string[] = [];
  for (const decimals of [config.decimals, 1, 2, 3, 4, 5]) {
    const display = displayIn({ ...config, ...(decimals !== undefined && { decimals }) });
    texts = places.map((place) => withoutZeros(display(place).text));
    if (new Set(texts).size === texts.length) break;
  }
  return texts;
}

/** 1.50 s is 1.5 s here: the figures of an axis are not compared digit by digit. */
export function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");
}
