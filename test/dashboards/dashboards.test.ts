import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dashboards, DASHBOARD_FOLDER } from "../../dashboards/index.ts";
import { UIDS } from "../../dashboards/uids.ts";
import { recordingRules } from "../../prometheus/rules/index.ts";
import { options as everyRule } from "../prometheus/rules/defaultRuleOptions.ts";
import { checkQuery, checkVariable } from "../vllm/check.ts";
import {
  parsedDashboards,
  OPTIONS,
  panelsOf,
  queriesOf,
  RECORDED,
  variableQuery,
  type PanelJson,
} from "./parsedDashboards.ts";

const FORMS = [
  { histograms: "classic" },
  { histograms: "native" },
  { histograms: "classic", oldestVersion: "0.8" },
  { histograms: "native", oldestVersion: "0.8" },
] as const;

for (const form of FORMS) {
  describe(`each query of ${Object.values(form).join(", ")} dashboards`, () => {
    const known = { ...form, recorded: RECORDED };
    for (const dashboard of parsedDashboards(form)) {
      it(`is valid in a panel of ${dashboard.title}`, () => {
        for (const { name, expr } of queriesOf(dashboard)) {
          assert.deepEqual(checkQuery(expr, known), [], `${name}: ${expr}`);
        }
      });

      it(`is valid in a variable or annotation of ${dashboard.title}`, () => {
        for (const variable of dashboard.templating.list.filter(({ type }) => type === "query")) {
          const query = variableQuery(variable);
          assert.deepEqual(checkVariable(query, known), [], `${variable.name}: ${query}`);
        }
        for (const { name, expr } of dashboard.annotations.list) {
          assert.deepEqual(checkQuery(expr, known), [], `${name}: ${expr}`);
        }
      });
    }
  });
}

describe("the dashboards", () => {
  const all = parsedDashboards();

  it("have unique UIDs and titles, and no title equals the folder's", () => {
    const uids = all.map(({ uid }) => uid);
    const titles = [...all.map(({ title }) => title), DASHBOARD_FOLDER.title];
    assert.equal(new Set(uids).size, uids.length);
    assert.equal(new Set(titles).size, titles.length);
    for (const uid of uids) assert.ok(uid.length <= 40, `${uid} is a uid that Grafana takes`);
    assert.deepEqual(
      dashboards(OPTIONS).map(({ uid }) => uid),
      uids,
    );
  });

  it("share a tag, and link to each other with the time range and variables", () => {
    for (const { title, tags, links, graphTooltip } of all) {
      assert.deepEqual(tags, ["vllm"], title);
      assert.deepEqual(
        links.map(({ tags, includeVars, keepTime }) => ({ tags, includeVars, keepTime })),
        [{ tags: ["vllm"], includeVars: true, keepTime: true }],
        title,
      );
      assert.equal(graphTooltip, 1, `${title} has one crosshair for all panels`);
    }
  });

  it("annotate restarts, config changes and alerts", () => {
    for (const { title, annotations } of all) {
      assert.deepEqual(
        annotations.list.map(({ name }) => name),
        // On the wall, with its many models, a mark would not show which server started.
        [...(title === "vLLM / Wall" ? [] : ["Restarts"]), "Config changes", "Alerts"],
        title,
      );
    }
  });

  it("mark starts of the selected models' servers, or of the stack's servers on its own dashboard", () => {
    for (const { title, annotations } of all) {
      const starts = annotations.list.find(({ name }) => name === "Restarts");
      if (!starts) continue;
      const asked =
        title === "vLLM / The stack itself" ? /^process_start_time/ : /^instance_model:/;
      assert.match(starts.expr, asked, title);
    }
  });

  it("pass the selected jobs in links, and use only variables that they have", () => {
    const asked = (json: string) => [
      ...new Set([...json.matchAll(/\$\{(\w+):queryparam\}/g)].map(([, name]) => name)),
    ];
    for (const dashboard of all) {
      const known = dashboard.templating.list.map(({ name }) => name);
      const linked = panelsOf(dashboard).filter((panel) => JSON.stringify(panel).includes('"/d/'));
      for (const panel of linked) {
        // An alert may be about any job, and so may its runbook.
        const isJob = known.includes("job") && !/^(Alerts now|Firing alerts)$/.test(panel.title);
        const isChoice = JSON.stringify(panel).includes("${model_name:queryparam}");
        assert.deepEqual(
          asked(JSON.stringify(panel)),
          ["datasource", ...(isJob ? ["job"] : []), ...(isChoice ? ["model_name"] : [])],
          `${dashboard.title} / ${panel.title}`,
        );
      }
    }
  });

  it("have sorted keys at all levels", () => {
    for (const { json } of dashboards(OPTIONS)) {
      const unsorted: string[] = [];
      JSON.parse(json, (key, value: unknown) => {
        if (typeof value === "object" && value !== null && !Array.isArray(value)) {
          // JavaScript puts integer keys, as in value mappings, first and in numeric order.
          const keys = Object.keys(value).filter((key) => !/^\d+$/.test(key));
          if (keys.join() !== [...keys].sort().join()) unsorted.push(key);
        }
        return value;
      });
      assert.deepEqual(unsorted, []);
    }
  });

  it("number all panels, including rows and panels in collapsed rows", () => {
    for (const dashboard of all) {
      const ids = dashboard.panels.flatMap(({ id, panels = [] }) => [
        id,
        ...panels.map((one) => one.id),
      ]);
      assert.deepEqual(
        [...ids].sort((a, b) => a - b),
        Array.from(ids, (_, index) => index + 1),
        dashboard.title,
      );
    }
  });

  it("place panels without overlap, inside the grid", () => {
    for (const dashboard of all) {
      assertPlaced(dashboard.panels, dashboard.title);
      for (const row of dashboard.panels)
        assertPlaced(row.panels ?? [], `${dashboard.title}, ${row.title}`);
    }
  });

  it("have unique panel titles on each dashboard", () => {
    for (const dashboard of all) {
      const titles = panelsOf(dashboard).map(({ title }) => title);
      assert.deepEqual(
        titles.filter((title, index) => titles.indexOf(title) !== index),
        [],
        dashboard.title,
      );
    }
  });
});

describe("each panel", () => {
  for (const dashboard of parsedDashboards()) {
    it(`of ${dashboard.title} has a meaning, advice, and a text for no data`, () => {
      for (const { title, description = "", fieldConfig } of panelsOf(dashboard)) {
        const name = `${dashboard.title} / ${title}`;
        assert.match(description, /^\S.*\n\n\*\*When it looks wrong:\*\* \S/, name);
        assert.ok(fieldConfig?.defaults.noValue, `${name} has a word for nothing`);
      }
    });

    it(`of ${dashboard.title} has ascending thresholds`, () => {
      for (const { title, fieldConfig } of panelsOf(dashboard)) {
        const steps = (fieldConfig?.defaults.thresholds?.steps ?? []).map(({ value }) => value);
        assert.deepEqual(
          steps,
          [...steps].sort((a, b) => (a ?? -Infinity) - (b ?? -Infinity)),
          `${dashboard.title} / ${title}`,
        );
      }
    });

    it(`of ${dashboard.title} has no duplicate queries`, () => {
      const asked = queriesOf(dashboard).map(({ expr }) => expr);
      assert.ok(asked.length > 0);
      for (const { title, targets = [] } of panelsOf(dashboard)) {
        const own = targets.map(({ expr }) => expr);
        assert.equal(new Set(own).size, own.length, `${dashboard.title} / ${title}`);
      }
    });
  }
});

describe("dashboards do not repeat Grafana's defaults:", () => {
  const text = dashboards(OPTIONS)
    .map(({ json }) => json)
    .join("\n");
  for (const key of [
    "allowCustomValue",
    "auto_min",
    "cellGap",
    "editable",
    "fiscalYearStartMonth",
    "repeatDirection",
    "selectionMode",
    "skipUrlSync",
    "transparent",
  ]) {
    it(`${key} is left to Grafana`, () => {
      assert.ok(!text.includes(`"${key}":`));
    });
  }
});

function assertPlaced(panels: PanelJson[], name: string): void {
  for (const [index, { gridPos: a, title }] of panels.entries()) {
    assert.ok(a.x >= 0 && a.w > 0 && a.x + a.w <= 24, `${name} / ${title} is inside the grid`);
    for (const { gridPos: b, title: other } of panels.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      assert.ok(apart, `${name}: ${title} and ${other} do not overlap`);
    }
  }
}

describe("a dashboard about models and the whole fleet", () => {
  const isFleet = ({ uid }: { uid: string }) => FLEET.includes(uid);

  it("spaces points by the recording interval; other dashboards are as fine as scrapes allow", () => {
    for (const dashboard of parsedDashboards({ longestScrapeInterval: 30 })) {
      for (const { title, interval } of panelsOf(dashboard)) {
        const expected = isFleet(dashboard) ? "30000ms" : undefined;
        assert.equal(interval, expected, `${dashboard.title}: ${title}`);
      }
    }
    const [overview] = parsedDashboards({ longestScrapeInterval: 5 }).filter(isFleet);
    assert.equal(overview && panelsOf(overview)[0]?.interval, "15000ms");
  });

  it("plots no per-server series in rows that are initially open", () => {
    for (const dashboard of parsedDashboards().filter(isFleet)) {
      for (const { title, targets = [] } of dashboard.panels) {
        for (const { expr, range } of targets) {
          if (range !== true) continue;
          assert.deepEqual(
            expr.match(/(?<!:)\b(?:vllm:|instance:|instance_model:|http_)\w+/g),
            null,
            title,
          );
        }
      }
    }
  });

  it("has no variable for instances, because the rules record none", () => {
    for (const { uid, templating } of parsedDashboards().filter(isFleet)) {
      const variables = templating.list.map(({ name }) => name);
      assert.ok(!variables.includes("instance") && !variables.includes("engine"), uid);
    }
  });
});

it("Instances ranks servers by series that rules record, one for each choice", () => {
  const instances = parsedDashboards().find(({ uid }) => uid === UIDS.instances);
  const rank = instances?.templating.list.find(({ name }) => name === "rank");
  assert.ok(rank);
  const records = recordingRules(everyRule()).flatMap(({ rules }) =>
    rules.map(({ record }) => record),
  );
  for (const choice of variableQuery(rank).split(",")) {
    const matching = records.filter((record) => record.startsWith(`instance:vllm_${choice}`));
    assert.equal(matching.length, 1, choice);
  }
});

const FLEET: string[] = [UIDS.overview, UIDS.capacity, UIDS.kvCache, UIDS.slo, UIDS.wall];
