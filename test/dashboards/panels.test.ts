/** Regression tests of panels that once showed something wrong. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { UIDS } from "../../dashboards/uids.ts";
import { parsedDashboards, panelsOf } from "./parsedDashboards.ts";

function panelOf(uid: string, title: string) {
  const dashboard = parsedDashboards().find((one) => one.uid === uid);
  const panel = dashboard && panelsOf(dashboard).find((one) => one.title === title);
  assert.ok(panel, `there is a panel ${title}`);
  return panel;
}

it("tokens and joules cover all servers and GPUs, because selecting GPUs selects no servers", () => {
  for (const title of ["Tokens per joule", "Tokens for a joule"]) {
    const { targets = [], description } = panelOf(UIDS.gpu, title);
    for (const { expr } of targets) assert.doesNotMatch(expr, /\$(job|instance)/, title);
    assert.match(description ?? "", /Of all vLLM servers over all GPUs that give metrics/);
  }
});

it("current alerts leave out Watchdog, which always fires, and link to the runbooks", () => {
  const panel = panelOf(UIDS.stack, "Alerts now");
  const selectors = [...(panel.targets?.[0]?.expr ?? "").matchAll(/ALERTS\{([^}]*)\}/g)];
  assert.equal(selectors.length, 2);
  for (const [, matchers] of selectors) assert.match(matchers ?? "", /alertname!="Watchdog"/);
  assert.match(JSON.stringify(panel.fieldConfig?.overrides), /"\/d\/vllm-runbooks\?/);
  assert.deepEqual((panel.options as { sortBy?: unknown }).sortBy, [
    { displayName: "State", desc: true },
  ]);
});

it("GPUs with errors are green only if there are GPUs", () => {
  const { fieldConfig } = panelOf(UIDS.gpu, "GPUs with XID errors");
  assert.deepEqual(fieldConfig?.defaults.thresholds?.steps, [
    { value: null, color: "text" },
    { value: 0, color: "green" },
    { value: 1, color: "red" },
  ]);
});

it("successful outcomes are green, and failures are red", () => {
  for (const [uid, title, wanted] of [
    [UIDS.overview, "Requests by finish reason", { stop: "green", abort: "orange", error: "red" }],
    [UIDS.vllm, "Finish Reason", { stop: "green", abort: "orange", error: "red" }],
    [
      UIDS.overview,
      "HTTP responses by status",
      { "/^2/": "green", "/^4/": "orange", "/^5/": "red" },
    ],
  ] as const) {
    const overrides = (panelOf(uid, title).fieldConfig?.overrides ?? []) as unknown as {
      matcher: { options: string };
      properties: { value: { fixedColor: string } }[];
    }[];
    const colours = Object.fromEntries(
      overrides.map(({ matcher, properties }) => [
        matcher.options,
        properties[0]?.value.fixedColor,
      ]),
    );
    for (const [name, colour] of Object.entries(wanted)) assert.equal(colours[name], colour, name);
  }
});
