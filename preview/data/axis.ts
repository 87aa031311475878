import type { FieldConfig } from "../model.ts";
import { displayIn } from "./display.ts";

/** What stands at the places of an axis, with the digits that it takes to tell them apart. */
export function axisTexts(places: number[], config: FieldConfig): string[] {
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
