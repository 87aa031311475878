import type { FieldConfig, Mapping, MappingResult, Override, Panel } from "../dashboardModel.ts";
import { colourOf, TEXT_COLOUR, thresholdColour } from "./colours.ts";
import { regExpOf } from "./series.ts";
import { formatIn } from "./units.ts";

/** A value as it is shown. */
export interface DisplayedValue {
  text: string;
  colour: string;
}

/** A value of a field. Numbers that JSON can only write as strings, such as NaN, are numbers here. */
export type Cell = number | string | null | undefined;

/**
 * Formats values according to a field's configuration: by its mappings, else in its unit. A missing
 * value is shown as its `noValue`. The colour is from the mapping, else from the threshold.
 */
export function displayIn(config: FieldConfig): (value: Cell) => DisplayedValue {
  const format = formatIn(config.unit ?? "none");
  const isText = config.unit === undefined || config.unit === "string";
  return (given) => {
    // A label that is a number is shown as one, unless its unit says otherwise.
    const value = isText || !isNumeric(given) ? given : Number(given);
    const mapped = mappingOf(value, config.mappings ?? []);
    const isNumber = typeof value === "number";
    // A value that is not a number has the colour of the first step, as in Grafana.
    const level = isNumber && !Number.isNaN(value) ? value : -Infinity;
    const byThreshold = config.thresholds ? thresholdColour(config.thresholds, level) : TEXT_COLOUR;
    const colour = mapped?.color === undefined ? byThreshold : colourOf(mapped.color);
    if (mapped?.text) return { text: mapped.text, colour };
    if (isNumber) return { text: format(value, config.decimals), colour };
    return {
      text: value === "" ? (config.noValue ?? "") : (value ?? config.noValue ?? ""),
      colour,
    };
  };
}

function isNumeric(value: Cell): boolean {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}

function mappingOf(value: Cell, mappings: Mapping[]): MappingResult | undefined {
  for (const { type, options } of mappings) {
    if (type === "value") {
      const found = options[String(value)];
      if (found) return found;
    } else if (type === "range") {
      const { from, to, result } = options;
      if (typeof value !== "number" || Number.isNaN(value)) continue;
      if (value >= (from ?? -Infinity) && value <= (to ?? Infinity)) return result;
    } else if (isSpecial(value, options.match)) return options.result;
  }
  return undefined;
}

function isSpecial(value: Cell, match: string): boolean {
  const isNull = value === null || value === undefined;
  const isNaN = Number.isNaN(value);
  if (match === "null") return isNull;
  if (match === "nan") return isNaN;
  if (match === "null+nan") return isNull || isNaN;
  if (match === "empty") return value === "";
  return false;
}

/**
 * The configuration of the field `name`: the panel's defaults, with its overrides applied.
 *
 * @throws Error for an unknown override.
 */
export function configOf(panel: Panel, name: string): FieldConfig {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const config: FieldConfig = { ...defaults, custom: { ...defaults.custom } };
  for (const { properties } of overrides.filter((override) => matches(override, name))) {
    for (const { id, value } of properties) {
      if (id.startsWith("custom.")) config.custom = { ...config.custom, [id.slice(7)]: value };
      else Object.assign(config, { [id]: value });
    }
  }
  return config;
}

function matches({ matcher }: Override, name: string): boolean {
  if (matcher.id === "byName") return matcher.options === name;
  if (matcher.id === "byRegexp") {
    return regExpOf(String(matcher.options)).test(name);
  }
  throw new Error(`Overrides by "${matcher.id}" are not known to this page.`);
}
