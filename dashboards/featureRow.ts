import type { VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { math } from "../vllm/index.ts";
import type { Row } from "./dashboard.ts";
import type { SizedPanel } from "./panels/index.ts";
import { stateVariable } from "./variables.ts";

/** A row about a feature that few servers have, and the variable that tells whether any has it. */
export interface FeatureRow {
  row: Row;
  variable: Builder<VariableModel>;
}

/**
 * A closed row whose title says whether the feature is on or off, since Grafana's classic
 * dashboards cannot hide a row. `presence` returns a series, of any value, where the feature is on.
 * `name` names the variable.
 */
export function featureRow(args: {
  name: string;
  title: string;
  presence: string;
  panels: SizedPanel[];
}): FeatureRow {
  const query = math`label_replace(group(${args.presence}), "state", "on", "", "") or on () label_replace(vector(0), "state", "off", "", "")`;
  return {
    row: { title: args.title, state: args.name, collapsed: true, panels: args.panels },
    variable: stateVariable(args.name, query),
  };
}
