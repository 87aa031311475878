import assert from "node:assert/strict";
import { it } from "node:test";
import { evaluateAnnotations } from "../../../lab/page/annotations.ts";
import { startPrometheus } from "./fakePrometheus.ts";

it("marks the times at which a series begins, or the times that its values give", async (context) => {
  const prometheus = await startPrometheus(context, (query) => [
    { labels: { instance: "a" }, value: query === "starts" ? "3900000" : "1" },
  ]);
  const jsonData = {};
  const source = { uid: "p", name: "P", type: "prometheus", isDefault: true, jsonData };
  const evaluated = { dataSource: () => ({ ...source, url: prometheus.url }), values: {} };
  const found = await evaluateAnnotations(
    [
      { name: "Alerts", expr: "alerts", titleFormat: "On {{instance}}", iconColor: "red" },
      { name: "Starts", expr: "starts", textFormat: "{{instance}}", useValueForTime: true },
      { name: "Off", expr: "off", enable: false },
    ],
    evaluated,
    { from: 3600, to: 7200 },
  );
  // Prometheus returns samples at 7140 and 7200, which are one step apart.
  assert.deepEqual(found, [
    { time: 3900, colour: "blue", title: "Starts", text: "a" },
    { time: 7140, colour: "red", title: "On a", text: "" },
  ]);
  assert.deepEqual(
    prometheus.requests.map(({ parameters }) => parameters.get("step")),
    ["60", "60"],
  );
});
