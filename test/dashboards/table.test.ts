import assert from "node:assert/strict";
import { it } from "node:test";
import { table } from "../../dashboards/panels/index.ts";

function transformations(...exprs: string[]): string[] {
  const { builder } = table({
    ...{ title: "Table", question: "What?", advice: "Nothing." },
    labels: [{ label: "model_name", title: "Model" }],
    columns: exprs.map((expr, index) => ({ title: `${index}`, expr, unit: "short" })),
  });
  return (builder.build().transformations ?? []).map(
    ({ id, options }) =>
      `${id} ${JSON.stringify((options as Record<string, unknown>).excludeByName)}`,
  );
}

it("merges rows whose metrics have different names, which Grafana makes a column of", () => {
  const without = 'organize {"__name__":true}';
  const [merge, organize] = ["merge undefined", 'organize {"Time":true}'];
  assert.deepEqual(transformations("sum by (model_name) (a)", "b > 0"), [merge, organize]);
  for (const bare of ["model:a:ratio", 'a{model_name=~"$model_name"}']) {
    assert.deepEqual(transformations("sum by (model_name) (a)", bare), [without, merge, organize]);
  }
});
