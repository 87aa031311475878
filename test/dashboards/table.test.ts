import assert from "node:assert/strict";
import { it } from "node:test";
import { tablePanel } from "../../dashboards/panels/index.ts";
import { parsedDashboards, panelsOf } from "./parsedDashboards.ts";

function transformations(...exprs: string[]): string[] {
  const { builder } = tablePanel({
    ...{ title: "Table", question: "What?", advice: "Nothing." },
    labels: [{ label: "model_name", title: "Model" }],
    columns: exprs.map((expr, index) => ({ title: `${index}`, expr, unit: "short" })),
  });
  return (builder.build().transformations ?? []).map(
    ({ id, options }) =>
      `${id} ${JSON.stringify((options as Record<string, unknown>).excludeByName)}`,
  );
}

it("merges rows of metrics with different names, although Grafana makes the name a column", () => {
  const without = 'organize {"__name__":true}';
  const [merge, organize] = ["merge undefined", 'organize {"Time":true}'];
  assert.deepEqual(transformations("sum by (model_name) (a)", "b > 0"), [merge, organize]);
  for (const bare of ["model:a:ratio", 'a{model_name=~"$model_name"}']) {
    assert.deepEqual(transformations("sum by (model_name) (a)", bare), [without, merge, organize]);
  }
});

it("all columns of a table fit on a screen 1366 pixels wide", () => {
  // The width inside a panel's edges, without Grafana's menu and margins.
  const roomFor = (columns: number) => ((1366 - 72) * columns) / 24 - 28;
  for (const dashboard of parsedDashboards()) {
    for (const panel of panelsOf(dashboard).filter(({ type }) => type === "table")) {
      const { fieldConfig, gridPos, transformations } = panel as unknown as {
        fieldConfig: {
          defaults: { custom: { minWidth: number } };
          overrides: {
            matcher: { options: string };
            properties: { id: string; value: unknown }[];
          }[];
        };
        gridPos: { w: number };
        transformations: { options: { excludeByName?: Record<string, boolean> } }[];
      };
      const { minWidth } = fieldConfig.defaults.custom;
      const hidden = transformations.flatMap(({ options }) =>
        Object.keys(options.excludeByName ?? {}).filter((name) => name.startsWith("Value")),
      );
      const shown = fieldConfig.overrides.filter(({ properties }) =>
        properties.every(({ id }) => id !== "custom.hidden"),
      );
      const widths = shown.map(({ properties }) =>
        Number(properties.find(({ id }) => id === "custom.width")?.value ?? minWidth),
      );
      const needed = widths.reduce((sum, width) => sum + width, 0) - hidden.length * minWidth;
      const auto = shown.filter(({ properties }) =>
        properties.every(({ id }) => id !== "custom.width"),
      );
      const name = `${dashboard.title}: ${panel.title}`;
      assert.ok(needed <= roomFor(gridPos.w), `${name} takes ${needed} of ${roomFor(gridPos.w)}`);
      if (!NAMES.some((title) => auto.some(({ matcher }) => matcher.options === title))) continue;
      const share = minWidth + (roomFor(gridPos.w) - needed) / (auto.length - hidden.length);
      assert.ok(share >= 140, `${name}: a name has ${share} pixels`);
    }
  }
});

/** Columns with names that people must be able to tell apart: about 17 letters. */
const NAMES = ["Model", "Instance"];
