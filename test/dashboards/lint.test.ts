/**
 * The rules of Grafana's dashboard-linter, by their original names (docs/rules of
 * grafana/dashboard-linter), with a reason for each exception.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { LOOK_BACK, PRESENT } from "../../dashboards/queries.ts";
import { checkQuery, checkVariable } from "../vllm/check.ts";
import { allExporterMetrics, allMetrics, seriesNames } from "../../vllm/index.ts";
import {
  parsedDashboards,
  panelsOf,
  RECORDED,
  queriesOf,
  variableQuery,
  type DashboardJson,
} from "./parsedDashboards.ts";

const BY_MODEL = "it is about jobs and models, of which the rules record series";

/** Why a dashboard breaks a rule. */
const EXCEPTIONS: Record<string, Record<string, string>> = {
  "template-job-rule": {
    "vllm-wall": "the wall shows every model, wherever it runs",
    "vllm-slo": "objectives are about models, wherever they run",
  },
  "template-instance-rule": {
    "vllm-overview": BY_MODEL,
    "vllm-capacity": BY_MODEL,
    "vllm-kv-cache": BY_MODEL,
    "vllm-wall": "the wall shows every model, wherever it runs",
    "vllm-slo": "objectives are about models, wherever they run",
  },
  "target-job-rule": {
    "vllm-overview": "alerts need not have a job",
    "vllm-slo": "objectives are about models, wherever they run",
    "vllm-instances": "one selector names the jobs of the stack itself, to leave them out",
    "vllm-wall": "the wall shows every model, wherever it runs",
    "vllm-stack": "alerts need not have a job",
    "vllm-gpu": "the engines beside the GPUs are in another job",
  },
  "target-instance-rule": {
    "vllm-overview": BY_MODEL,
    "vllm-capacity": BY_MODEL,
    "vllm-kv-cache": BY_MODEL,
    "vllm-slo": "objectives are about models, wherever they run",
    "vllm-stack": "alerts need not have an instance",
    "vllm-wall": "the wall shows every model, wherever it runs",
    "vllm-gpu": "the engines beside the GPUs have other addresses than their exporters",
  },
};

/**
 * The windows of lines. A window is the time that a point stands for, or a fixed time: a percentile
 * needs samples, a stall needs two minutes, and "in use" needs a day.
 */
const WINDOWS = ["$__rate_interval", LOOK_BACK, "1d"];

for (const dashboard of parsedDashboards()) {
  describe(`dashboard-linter on ${dashboard.title}:`, () => {
    const rule = (name: string, check: (dashboard: DashboardJson) => void) => {
      const reason = EXCEPTIONS[name]?.[dashboard.uid];
      if (reason === undefined) {
        it(name, () => {
          check(dashboard);
        });
      } else {
        it(`${name} does not hold: ${reason}`, () => {
          assert.throws(() => {
            check(dashboard);
          }, "the exception is needed no more: remove it");
        });
      }
    };

    rule("template-datasource-rule", ({ templating }) => {
      const sources = templating.list.filter(({ type }) => type === "datasource");
      assert.deepEqual(
        sources.map(({ name, label, query }) => ({ name, label, query })),
        [{ name: "datasource", label: "Data source", query: "prometheus" }],
      );
    });

    rule("template-job-rule", (one) => {
      assertTarget(one, "job", "Job");
    });

    rule("template-instance-rule", (one) => {
      assertTarget(one, "instance", "Instance");
    });

    rule("template-label-promql-rule", ({ templating }) => {
      for (const variable of templating.list.filter(({ type }) => type === "query")) {
        assert.deepEqual(
          checkVariable(variableQuery(variable), { recorded: RECORDED }),
          [],
          variable.name,
        );
      }
    });

    rule("template-on-time-change-reload-rule", ({ templating }) => {
      for (const { name, refresh } of templating.list.filter(({ type }) => type === "query")) {
        assert.equal(refresh, 2, name);
      }
    });

    rule("panel-datasource-rule", (one) => {
      for (const { title, datasource } of panelsOf(one)) {
        assert.equal(datasource?.uid, "${datasource}", title);
      }
    });

    rule("panel-title-description-rule", (one) => {
      for (const { title, description } of panelsOf(one)) assert.ok(title && description, title);
    });

    rule("panel-units-rule", (one) => {
      for (const { title, fieldConfig } of panelsOf(one)) {
        const unit = fieldConfig?.defaults.unit ?? "";
        assert.ok(isUnit(unit), `${title}: ${unit}`);
        for (const { id, value } of fieldConfig?.overrides.flatMap((each) => each.properties) ??
          []) {
          if (id === "unit") assert.ok(isUnit(String(value)), `${title}: ${String(value)}`);
        }
      }
    });

    rule("panel-no-targets-rule", (one) => {
      for (const { title, targets = [] } of panelsOf(one)) assert.ok(targets.length > 0, title);
    });

    rule("target-promql-rule", (one) => {
      for (const { name, expr } of queriesOf(one)) {
        assert.ok(expr !== "", name);
        assert.deepEqual(checkQuery(expr, { recorded: RECORDED }), [], name);
      }
    });

    // Instant queries have their own window. `$__rate_interval` would cover only a few scrapes, and a
    // single number has no neighbours to compare it with.
    rule("target-rate-interval-rule", (one) => {
      for (const { name, expr, instant } of queriesOf(one)) {
        for (const [, window] of expr.matchAll(
          /\b(?:rate|increase|irate|resets)\([^[]*\[([^\]]+)\]/g,
        )) {
          if (instant) assert.notEqual(window, "$__rate_interval", `${name}: ${PRESENT} and more`);
          else assert.ok(WINDOWS.includes(window ?? ""), `${name}: ${window}`);
        }
      }
    });

    rule("target-job-rule", (one) => {
      assertMatched(one, /job=~"\$job"/);
    });

    rule("target-instance-rule", (one) => {
      // Lines have the shown ones of the selected instances.
      assertMatched(one, /instance=~"\$(instance|shown)"/);
    });

    // `group` checks only whether a counter exists, not its value.
    rule("target-counter-agg-rule", (one) => {
      for (const { name, expr } of queriesOf(one)) {
        for (const [, before = ""] of expr.matchAll(
          /((?:\w*|group(?: by \([\w, ]+\) )?)\(?)[\w:]+_total\b(?!_)/g,
        )) {
          assert.match(
            before,
            /^(rate|increase|resets|group(?: by \([\w, ]+\) )?)\($/,
            `${name}: ${expr}`,
          );
        }
      }
    });
  });
}

function assertTarget({ templating }: DashboardJson, name: string, label: string): void {
  const variable = templating.list.find((one) => one.name === name);
  assert.ok(variable, `there is a variable ${name}`);
  const { type, multi, allValue, datasource } = variable;
  assert.deepEqual(
    { type, multi, allValue, label: variable.label, datasource: datasource?.uid },
    { type: "query", multi: true, allValue: ".+", label, datasource: "${datasource}" },
  );
}

/** Asserts that each selector of each query has the matcher. */
function assertMatched(dashboard: DashboardJson, matcher: RegExp): void {
  for (const { name, expr } of queriesOf(dashboard)) {
    for (const [selector, metric = "", matchers = ""] of expr.matchAll(SELECTOR)) {
      if (!SERIES.has(metric)) continue;
      assert.match(matchers, matcher, `${name}: ${selector}`);
    }
  }
}

const SELECTOR = /([a-zA-Z_][\w:]*)(\{[^}]*\})?/g;

const SERIES = new Set([
  ...Object.keys(RECORDED).filter((name) => name.startsWith("job_model:")),
  ...[...allMetrics, ...allExporterMetrics].flatMap((metric) => [
    metric.name,
    ...Object.values(seriesNames(metric)),
  ]),
]);

function isUnit(unit: string): boolean {
  return (Object.values(units) as unknown[]).includes(unit) || /^(suffix|prefix): ?\S/.test(unit);
}
