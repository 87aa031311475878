import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { runbookPath } from "../../../dashboards/definitions/runbooks.ts";
import { UIDS } from "../../../dashboards/uids.ts";
import { demo } from "../../../demo.ts";
import { planStack, ruleOptions } from "../../../plan.ts";
import {
  ALERT_NAMES,
  alertMeanings,
  alertRules,
  recordingRules,
  ruleFiles,
  type RuleOptions,
} from "../../../prometheus/rules/index.ts";
import { runbooks } from "../../../prometheus/rules/runbooks.ts";
import { parseSettings } from "../../../settings.ts";
import { checkQuery } from "../../vllm/check.ts";
import { options } from "./defaultRuleOptions.ts";

const DOCS = new URL("../../../docs/runbooks/", import.meta.url);

/** A stack with all dashboards. */
const WITH_GPU = parseSettings({ gpu: { exporter: ["gpu1:9400"] } });

const records = (given: RuleOptions) => recordingRules(given).flatMap(({ rules }) => rules);
const alerts = (given: RuleOptions) => alertRules(given).flatMap(({ rules }) => rules);
const recordedBy = (given: RuleOptions) =>
  Object.fromEntries(records(given).map(({ record, has }) => [record, has]));

describe("rules", () => {
  for (const histograms of ["classic", "native"] as const) {
    it(`query only series that exist, with ${histograms} histograms`, () => {
      const given = options({ histograms });
      const check = { histograms, recorded: recordedBy(given) };
      for (const { record, expr } of records(given)) {
        assert.deepEqual(checkQuery(expr, check), [], `${record}: ${expr}`);
      }
      for (const { name, expr } of alerts(given)) {
        assert.deepEqual(checkQuery(expr, check), [], `${name}: ${expr}`);
      }
    });
  }

  it("name recorded series level:metric:operations, where the level stands for the kept labels", () => {
    const labels: Record<string, string[]> = {
      model: ["model_name"],
      instance: ["job", "instance", "model_name"],
      engine: ["job", "instance", "model_name", "engine"],
      target: ["job", "instance"],
      job_model: ["job", "model_name"],
      instance_model: ["job", "instance", "model_name"],
      objective: ["objective"],
      model_objective: ["model_name", "objective"],
    };
    for (const { record, has } of records(options())) {
      assert.match(record, /^[a-z_]+:[a-z0-9_]+:[a-z0-9_]+$/);
      const level = record.split(":")[0] ?? "";
      const kept = labels[level];
      // All series of a level have its labels; some also have labels of their metric.
      assert.deepEqual(level === "job_model" ? has.slice(0, 2) : [...has], kept, record);
    }
  });

  it("define exactly the alerts that settings can name", () => {
    const names = new Set(alerts(options()).map(({ name }) => name));
    assert.deepEqual([...names].sort(), [...ALERT_NAMES].sort());
  });

  it("give each alert a meaning: a unique sentence without template variables", () => {
    const meanings = alertMeanings(options());
    assert.deepEqual(Object.keys(meanings).sort(), [...ALERT_NAMES].sort());
    assert.equal(new Set(Object.values(meanings)).size, ALERT_NAMES.length);
    for (const text of Object.values(meanings)) assert.match(text, /^[A-Z][^{}]+[^.{}]$/);
  });

  it("leave out disabled alerts, and alerts about components that the stack lacks", () => {
    const names = (changed: Partial<RuleOptions>) => [
      ...new Set(alerts(options(changed)).map(({ name }) => name)),
    ];
    assert.ok(!names({ disabled: ["GrafanaDown"] }).includes("GrafanaDown"));
    assert.equal(names({ disabled: ["GrafanaDown"] }).length, ALERT_NAMES.length - 1);
    assert.ok(!names({ alertmanager: false }).some((name) => name.startsWith("Alertmanager")));
    assert.ok(!names({ gpu: false }).includes("GpuExporterDown"));
    assert.ok(!names({ canary: false }).some((name) => name.includes("Canary")));
    assert.ok(!names({ objectives: [] }).some((name) => name.startsWith("Slo")));
  });

  it("shorten every window, offset and waiting time in a drill, except in the fleet's rules", () => {
    const files = ruleFiles(options({ timeScale: 0.01, longestScrapeInterval: 0.1 }));
    const texts = Object.values(files)
      .join("\n")
      .replace(/^ {2}- name: fleet-.*\n(?: {4}.*\n)*/gm, "");
    assert.doesNotMatch(texts, /\[\d+[smhd](:|\])|offset \d+[smhd]\b|for: \d+[smhd]$/m);
    assert.match(texts, /keep_firing_for: 3000ms$/m);
    assert.match(texts, /\[3000ms\]/);
  });

  it("keep target labels only in rules about a single target", () => {
    const given = options({ targetLabels: ["team"] });
    const about = (expr: string) => /by \([^)]*\bteam\b/.test(expr);
    const kept = records(given).filter(({ has }) => has.includes("team"));
    assert.deepEqual(
      kept.map(({ record }) => record),
      records(given).flatMap(({ record, has }) =>
        has.includes("instance") && has.includes("model_name") ? [record] : [],
      ),
    );
    for (const { record, expr } of kept) assert.ok(about(expr), record);
    const named = alerts(given).flatMap(({ name, expr }) => (about(expr) ? [name] : []));
    assert.deepEqual(named, [
      "VllmEngineRestarts",
      "VllmHttpErrorRatioHigh",
      "VllmHttpMostlyErrors",
      "VllmNanLogits",
      "VllmPreemptionsHigh",
      "VllmEngineStalled",
      "VllmAdmissionStalled",
      "VllmNoTokens",
      "VllmLoadImbalanced",
      "VllmCanaryFailing",
      "VllmCanaryMisconfigured",
      "VllmMetricMissing",
    ]);
  });

  it("keep firing for five minutes if the value fluctuates, but not if something is down", () => {
    const going = alerts(options()).filter((alert) => alert.keepFiringFor !== undefined);
    assert.deepEqual(
      going.map(({ name }) => name),
      [
        ...Array<string>(4).fill("SloErrorBudgetBurn"),
        ...["VllmErrorRatioHigh", "VllmHttpErrorRatioHigh", "VllmHttpMostlyErrors"],
        "VllmAdmissionRejected",
        ...["VllmQueueGrowing", "VllmQueueTimeHigh", "VllmPreemptionsHigh"],
        ...["VllmPrefixHitsCollapsed", "VllmInstanceSlow", "VllmLoadImbalanced"],
      ],
    );
    assert.deepEqual(new Set(going.map(({ keepFiringFor }) => keepFiringFor)), new Set(["5m"]));
  });

  it("document the setting of each threshold", () => {
    const before = alerts(options());
    for (const [key, value] of Object.entries(options().thresholds)) {
      const thresholds = { ...options().thresholds, [key]: value / 2 };
      const moved = alerts(options({ thresholds })).filter(
        ({ threshold, expr }, index) =>
          threshold !== before[index]?.threshold || expr !== before[index]?.expr,
      );
      const documented = before.filter(({ thresholds }) => thresholds?.includes(key as never));
      const names = moved.map(({ name }) => name);
      assert.ok(documented.length > 0, key);
      for (const { name } of documented) assert.ok(names.includes(name), `${key}: ${name}`);
      for (const { name, threshold } of moved) {
        if (threshold === before.find((one) => one.name === name)?.threshold) continue;
        assert.ok(
          documented.some((one) => one.name === name),
          `${key}: ${name}`,
        );
      }
    }
  });

  it("query with an objective's own models and threshold", () => {
    const [objective] = parseSettings({
      slo: {
        objectives: [
          {
            name: "A",
            metric: "time_to_first_token",
            threshold: 2.5,
            target: 0.9,
            models: ["m.1"],
          },
        ],
      },
    }).slo.objectives;
    assert.ok(objective);
    const rule = records(options({ objectives: [objective] })).find(
      ({ record }) => record === "model_objective:slo_bad_events:rate5m",
    );
    assert.match(rule?.expr ?? "", /model_name="m\.1"|model_name=~"m\\\\\.1"/);
    assert.match(rule?.expr ?? "", /le="2\.5"/);
    assert.deepEqual(rule?.labels, { objective: "A" });
  });

  it("say what is wrong, where to look, and what to do", () => {
    const { groups } = parse(ruleFiles(options())["alerts.rules.yml"] ?? "") as {
      groups: { rules: { alert: string; annotations: Record<string, string> }[] }[];
    };
    const dashboards = Object.keys(planStack(WITH_GPU, demo).outputs.dashboards);
    for (const { alert, annotations } of groups.flatMap(({ rules }) => rules)) {
      const { summary = "", description = "", dashboard_url = "", runbook_url = "" } = annotations;
      assert.ok(summary !== "" && /[.?]$/.test(description), alert);
      const dashboard = /^http:\/\/127\.0\.0\.1:3000\/d\/([\w-]+)/.exec(dashboard_url)?.[1] ?? "";
      assert.ok(dashboards.includes(dashboard), `${alert} leads to the dashboard "${dashboard}"`);
      assert.equal(runbook_url, `http://127.0.0.1:3000${runbookPath(alert)}`);
    }
  });

  it("link to external runbooks if a setting gives their URL", () => {
    const settings = parseSettings({
      alerting: { runbookUrl: "https://wiki.example/{alert}.html" },
    });
    assert.match(
      ruleFiles(ruleOptions(settings))["alerts.rules.yml"] ?? "",
      /runbook_url: https:\/\/wiki\.example\/GrafanaDown\.html\n/,
    );
  });
});

describe("runbooks", () => {
  const dashboards = planStack(WITH_GPU, demo).monitoring.dashboards.json;

  it("exist for each alert, and for nothing else", () => {
    const files = readdirSync(DOCS).map((file) => file.replace(/\.md$/, ""));
    assert.deepEqual(files.sort(), [...ALERT_NAMES].sort());
  });

  it("are panels of one dashboard, and each has a link that shows it alone", () => {
    const { panels } = JSON.parse(dashboards[UIDS.runbooks] ?? "") as {
      panels: { id: number; title: string; options: { content: string } }[];
    };
    assert.equal(new Set(panels.map(({ id }) => id)).size, ALERT_NAMES.length);
    for (const { id, title, options } of panels) {
      assert.equal(runbookPath(title), `/d/${UIDS.runbooks}?viewPanel=${id}`);
      assert.match(options.content, /^## What it means\n/);
    }
  });

  const recorded = recordedBy(options());
  for (const [name, text] of Object.entries(runbooks())) {
    it(`of ${name} have all sections, query existing series, and have working links`, () => {
      assert.deepEqual(
        [...text.matchAll(/^#+ .*$/gm)].map(([line]) => line),
        [
          `# ${name}`,
          "## What it means",
          "## User impact",
          "## Check",
          "## Likely causes",
          "## Fix",
        ],
      );
      const queries = [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = ""]) =>
        query.trim(),
      );
      assert.ok(queries.length > 0);
      for (const query of queries) assert.deepEqual(checkQuery(query, { recorded }), [], query);
      for (const [, link = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
        const uid = /^\/d\/([\w-]+)$/.exec(link)?.[1];
        assert.ok(uid === undefined ? existsSync(new URL(link, DOCS)) : uid in dashboards, link);
      }
      const others = [...text.matchAll(/\b(?:Vllm|Slo|Prometheus|Alertmanager)[A-Z]\w+/g)];
      for (const [other] of others) assert.ok(ALERT_NAMES.includes(other as never), other);
    });
  }
});
