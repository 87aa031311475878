/** Which servers have lines on the dashboard Instances, if there are more than it draws. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsedDashboards, variableQuery } from "../../dashboards/parsedDashboards.ts";
import { UIDS } from "../../../dashboards/uids.ts";
import { asGrafanaSends } from "../grafanaQuery.ts";
import { options } from "./defaultRuleOptions.ts";
import { askRules } from "./promtool.ts";
import { always, server } from "./serverLife.ts";

const STEP = 30;
const SERVERS = 54;

/** Server 0 is down, servers 1 and 2 have no running requests, and each other one has more than the last. */
const FLEET = Array.from({ length: SERVERS }, (_, index) =>
  server(
    {
      instance: `server-${index}:8000`,
      life: {
        running: always(index),
        ...(index === 0 && { up: (at: number) => (at < 300 ? 1 : 0) }),
        ...((index === 1 || index === 2) && { runningExposed: always(0) }),
      },
    },
    { seconds: 600, step: STEP, histograms: "classic" },
  ).filter(({ series }) =>
    /^(up|vllm:num_requests_running|vllm:request_success_total)/.test(series),
  ),
).flat();

describe("the servers with lines", () => {
  const dashboard = parsedDashboards().find(({ uid }) => uid === UIDS.instances);
  const variable = dashboard?.templating.list.find(({ name }) => name === "shown");
  assert.ok(variable);
  const [, query = ""] = /^query_result\((.*)\)$/s.exec(variableQuery(variable)) ?? [];

  it("are 50: the one that is down, and those with the most running requests", async () => {
    const sent = asGrafanaSends(query, {
      ...{ rateInterval: "2m", range: "1h" },
      variables: { rank: "requests_running" },
    });
    // The second query is there so that the rule is evaluated: the first has a pattern of its name.
    const queries = [sent, "instance:vllm_requests_running:sum"];
    const [found = []] = await askRules(
      options(),
      FLEET,
      queries.map((query) => ({ at: 600, query })),
      STEP,
      STEP,
    );
    const shown = new Set(found.map(({ labels }) => labels.instance));
    assert.equal(shown.size, 50);
    const missing = Array.from({ length: SERVERS }, (_, index) => index).filter(
      (index) => !shown.has(`server-${index}:8000`),
    );
    assert.deepEqual(missing, [1, 2, 3, 4]);
  });
});
