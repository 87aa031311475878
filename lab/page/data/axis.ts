import type { FieldConfig } from "../dashboardModel.ts";
import { displayIn } from "./display.ts";

/**
 * The texts at the ticks of an axis. On a logarithmic axis, ticks without room for a text are null,
 * and get the same text as a missing value, as in Grafana.
 */
export function axisTexts(ticks: (number | null)[], config: FieldConfig): string[] {
  const texts = textsOf(
    ticks.filter((tick) => tick !== null),
    config,
  );
  const missing = displayIn(config)(null).text;
  return ticks.map((tick) => (tick === null ? missing : (texts.shift() ?? "")));
}

/** Uses as many digits as are needed to tell the texts apart. */
function textsOf(places: number[], config: FieldConfig): string[] {
  let texts: string[] = [];
  for (const decimals of [config.decimals, 1, 2, 3, 4, 5]) {
    const display = displayIn({ ...config, ...(decimals !== undefined && { decimals }) });
    texts = places.map((place) => withoutZeros(display(place).text));
    if (new Set(texts).size === texts.length) break;
  }
  return texts;
}

/** Writes 1.50 s as 1.5 s: readers do not compare the numbers of an axis digit by digit. */
export function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");
}
