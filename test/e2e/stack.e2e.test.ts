import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pack } from "tar-stream";
import { PROMETHEUS_CONFIG_FOLDER } from "../../prometheus/prometheusServer.ts";
import { UIDS } from "../../dashboards/uids.ts";
import { dockerClient, stackContainers } from "../../cli/stack/containers.ts";
import { stackFile } from "../../tools/project.ts";
import { scrapedTargets } from "../../cli/stack/targets.ts";
import { asGrafanaSends } from "../prometheus/grafanaQuery.ts";
import { freePort } from "../../tools/freePort.ts";
import { assertConfined, assertPowerless } from "./confinement.ts";
import { GrafanaSession } from "./grafana.ts";
import { derivedImage, IMAGES, Lab, type Ran, TEST_WITH } from "./lab.ts";

/**
 * The lifecycle of a stack: each test continues with the stack that the previous one left. The engine,
 * Docker and Prometheus are real. TEST_WITH selects the plugins and Grafana.
 */
describe(`a stack's life (with ${TEST_WITH} plugins and Grafana)`, { concurrency: false }, () => {
  const lab = new Lab();
  let ports: { prometheus: number; grafana: number };
  let grafana: GrafanaSession;
  let password: string;

  /** The initial settings, with the permanent changes that tests make to them. */
  const settings: Record<string, unknown> = { targets: [], demo: true, demoImage: IMAGES.node };

  before(async () => {
    ports = { prometheus: await freePort(), grafana: await freePort() };
    settings.prometheus = { image: IMAGES.prometheus, port: ports.prometheus };
    settings.grafana = { image: IMAGES.grafana, port: ports.grafana };
    configure();
  });
  after(() => lab.dispose());

  /** Changes the settings for this test and those after it. */
  function configure(changes: Record<string, unknown> = {}): void {
    Object.assign(settings, changes);
    lab.configure(settings);
  }

  const fetchDashboard = () => grafana.get<GrafanaDashboard>(`/api/dashboards/uid/${UIDS.vllm}`);

  async function container(component: string) {
    const found = (await stackContainers(lab.stack)).find((one) => one.component === component);
    assert.ok(found, `no container ${component}`);
    const { Id, State, Config, HostConfig } = await dockerClient().getContainer(found.id).inspect();
    return { id: Id, startedAt: State.StartedAt, running: State.Running, Config, HostConfig };
  }

  /** Writes a file to a data volume. Only deleting the volume removes the file. */
  async function mark(component: string, folder: string): Promise<void> {
    const archive = pack();
    archive.entry({ name: "mark" }, "kept");
    archive.finalize();
    const { id } = await container(component);
    await dockerClient().getContainer(id).putArchive(Readable.from(archive), { path: folder });
  }

  /** Fails with Docker's 404 if the file is gone. */
  async function assertMarked(component: string, folder: string): Promise<void> {
    const { id } = await container(component);
    const archive = await dockerClient()
      .getContainer(id)
      .getArchive({ path: `${folder}/mark` });
    assert.match(await text(archive), /kept/);
  }

  async function up(...args: string[]): Promise<Ran> {
    const file = readFileSync(stackFile(lab.stack), "utf8");
    const ran = await lab.run("up", args);
    assert.equal(ran.code, 0, ran.output);
    assert.equal(readFileSync(stackFile(lab.stack), "utf8"), file);
    return ran;
  }

  /** The queries that return no data through Grafana; an error fails the test. */
  async function panelsWithoutData(
    panels: GrafanaDashboard["dashboard"]["panels"],
  ): Promise<string[]> {
    const silent: string[] = [];
    for (const { title, targets } of panels) {
      const { results } = await grafana.post<{ results: Record<string, QueryResult> }>(
        "/api/ds/query",
        {
          from: String(Date.now() - 60_000),
          to: String(Date.now()),
          queries: targets.map(({ refId, expr }) => ({
            refId,
            expr: asGrafanaSends(expr, { rateInterval: "1m", range: "1m" }),
            datasource: { type: "prometheus", uid: "prometheus" },
            range: true,
            instant: false,
            intervalMs: 5_000,
            maxDataPoints: 100,
          })),
        },
      );
      for (const { refId } of targets) {
        assert.equal(results[refId]?.error, undefined, `${title} ${refId}`);
        const values = results[refId]?.frames?.[0]?.data.values.at(-1) ?? [];
        if (values.length === 0) silent.push(`${title} ${refId}`);
      }
    }
    return silent;
  }

  async function query(promql: string): Promise<{ value: [number, string] }[]> {
    const url = `http://127.0.0.1:${ports.prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`;
    const answer = (await (await fetch(url)).json()) as {
      data: { result: { value: [number, string] }[] };
    };
    return answer.data.result;
  }

  /** Grafana's secret key, which must not appear in any output. */
  async function generatedSecretKey(): Promise<string> {
    const { output } = await lab.pulumi("stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(output) as {
      deployment: { resources: { urn: string; outputs?: { result?: { plaintext: string } } }[] };
    };
    const made = deployment.resources.find(({ urn }) => urn.endsWith("-secret-key"));
    return JSON.parse(made?.outputs?.result?.plaintext ?? '""') as string;
  }

  it("up: Prometheus scrapes, Grafana has the dashboard, and the table says where", async () => {
    const { output } = await up();
    assert.match(output, new RegExp(`Grafana +http://127.0.0.1:${ports.grafana}`));
    assert.match(output, / user +admin/);
    assert.match(output, /stack output grafanaPassword --show-secrets/);
    assert.match(output, new RegExp(`Prometheus +http://127.0.0.1:${ports.prometheus}`));
    assert.match(output, /demo demo:8000 +up/);

    const shown = await lab.pulumi("stack", "output", "--json", "--show-secrets");
    assert.equal(shown.code, 0, shown.output);
    const outputs = JSON.parse(shown.output) as Record<string, unknown>;
    password = outputs.grafanaPassword as string;
    assert.equal(password.length, 32);
    assert.equal(outputs.grafanaUrl, `http://127.0.0.1:${ports.grafana}`);
    assert.equal(outputs.grafanaUser, "admin");
    assert.equal(outputs.prometheusUrl, `http://127.0.0.1:${ports.prometheus}`);
    assert.equal(
      (outputs.dashboards as Record<string, string>)[UIDS.vllm],
      `http://127.0.0.1:${ports.grafana}/d/${UIDS.vllm}`,
    );

    grafana = new GrafanaSession(`http://127.0.0.1:${ports.grafana}`, password);
    const { dashboard, meta } = await fetchDashboard();
    assert.equal(dashboard.title, "vLLM");
    assert.equal(dashboard.panels.length, 12);
    assert.equal(meta.folderUid, "vllm");
  });

  it("each panel of the dashboard answers through Grafana", async () => {
    const { dashboard } = await fetchDashboard();
    // Rates need a few scrapes, requests need time to finish, and a P99 needs a hundred requests.
    const deadline = Date.now() + 120_000;
    let silent: string[];
    do {
      await sleep(5_000);
      silent = await panelsWithoutData(dashboard.panels);
    } while (silent.length > 0 && Date.now() < deadline);
    assert.deepEqual(silent, []);
  });

  it("is confined: no root, no capabilities, read-only, bounded, on the loopback address", async () => {
    for (const component of ["prometheus", "grafana", "demo"]) {
      assertConfined(component, await container(component));
    }
    for (const component of ["prometheus-config", "grafana-secrets", "demo-files"]) {
      assertPowerless(component, await container(component));
    }
  });

  it("keeps its secrets out of the state, the environment, the command lines and the logs", async () => {
    const secretKey = await generatedSecretKey();
    assert.equal(secretKey.length, 32);
    const held = [readFileSync(lab.stateFile, "utf8"), (await up()).output];
    for (const { id } of await stackContainers(lab.stack)) {
      const one = dockerClient().getContainer(id);
      held.push(JSON.stringify(await one.inspect()));
      held.push((await one.logs({ stdout: true, stderr: true, follow: false })).toString());
    }
    for (const text of held) {
      assert.ok(!text.includes(password));
      assert.ok(!text.includes(secretKey));
    }
  });

  it("requires the password", async () => {
    const url = `http://127.0.0.1:${ports.grafana}/api/folders`;
    assert.equal((await fetch(url)).status, 401);
    const admin = Buffer.from("admin:admin").toString("base64");
    const asAdmin = await fetch(url, { headers: { authorization: `Basic ${admin}` } });
    assert.equal(asAdmin.status, 401);
  });

  it("up again: no changes", async () => {
    const containers = await stackContainers(lab.stack);
    const { output } = await up();
    assertUnchanged(output);
    assert.doesNotMatch(output, /Updating the stack/);
    assert.deepEqual(await stackContainers(lab.stack), containers);
  });

  it("refresh: no drift", async () => {
    const ran = await lab.run("refresh");
    assert.equal(ran.code, 0, ran.output);
    assertUnchanged(ran.output);
  });

  it("a changed target: only the config's holder is replaced, and Prometheus scrapes on", async () => {
    const before = await container("prometheus");
    const holder = await container("prometheus-config");
    const others = await Promise.all(["grafana", "demo", "grafana-secrets"].map(container));
    configure({ targets: [{ name: "chat", addresses: ["prometheus:9090", "demo:1"] }] });
    const { output } = await up();
    assert.match(output, /chat prometheus:9090 +up/);
    assert.match(output, /chat demo:1 +down: connection refused: .*--host 0\.0\.0\.0/);
    const after = await container("prometheus");
    assert.deepEqual([after.id, after.startedAt], [before.id, before.startedAt]);
    assert.notEqual((await container("prometheus-config")).id, holder.id);
    assert.deepEqual(
      (await Promise.all(["grafana", "demo", "grafana-secrets"].map(container))).map(
        ({ id }) => id,
      ),
      others.map(({ id }) => id),
    );
    const scraped = await scrapedTargets(`http://127.0.0.1:${ports.prometheus}`);
    const chat = scraped?.filter(({ job }) => job === "chat");
    assert.deepEqual(
      chat?.map(({ instance, health }) => [instance, health]),
      [
        ["demo:1", "down"],
        ["prometheus:9090", "up"],
      ],
    );
    configure({ targets: [] });
    await up();
  });

  it("a configuration that Prometheus refuses: up says why, and the right one is used again", async () => {
    const { id } = await container("prometheus-config");
    const holder = dockerClient().getContainer(id);
    const archive = await holder.getArchive({
      path: `${PROMETHEUS_CONFIG_FOLDER}/alerts.rules.yml`,
    });
    const right = await buffer(archive);
    const wrong = pack();
    wrong.entry(
      { name: "alerts.rules.yml", mode: 0o444 },
      "groups: [{name: x, rules: [{expr: (}]}]",
    );
    wrong.finalize();
    await holder.putArchive(Readable.from(wrong), { path: PROMETHEUS_CONFIG_FOLDER });
    const refused = await lab.run("up");
    assert.equal(refused.code, 1, refused.output);
    assert.match(
      refused.output,
      /^Prometheus rejected its configuration and still uses the previous one: .*alerts\.rules\.yml.*\. Correct the setting/m,
    );
    await holder.putArchive(right, { path: PROMETHEUS_CONFIG_FOLDER });
    await up();
    const page = await (await fetch(`http://127.0.0.1:${ports.prometheus}/metrics`)).text();
    assert.match(page, /^prometheus_config_last_reload_successful 1$/m);
  });

  it("a dashboard edited by hand: found by refresh, put back by up", async () => {
    const { dashboard } = await fetchDashboard();
    await grafana.post("/api/dashboards/db", {
      dashboard: { ...dashboard, title: "Edited by hand" },
      folderUid: "vllm",
      overwrite: true,
    });
    const refreshed = await lab.run("refresh");
    assert.equal(refreshed.code, 0, refreshed.output);
    assert.match(refreshed.output, /\b1 updated/);
    assert.equal((await fetchDashboard()).dashboard.title, "Edited by hand");
    await up();
    assert.equal((await fetchDashboard()).dashboard.title, "vLLM");
  });

  it("a container stopped or removed by hand comes back with the next up", async () => {
    const docker = dockerClient();
    await docker.getContainer((await container("grafana")).id).stop({ t: 1 });
    await docker.getContainer((await container("prometheus")).id).remove({ force: true });
    await up();
    assert.equal((await container("grafana")).running, true);
    assert.equal((await container("prometheus")).running, true);
    assert.equal((await fetchDashboard()).dashboard.title, "vLLM");
    await docker.getContainer((await container("prometheus")).id).remove({ force: true });
    await up();
    assert.equal((await container("prometheus")).running, true);
    assertUnchanged((await up()).output);
  });

  it("a new image: data, password and dashboards survive", async () => {
    const old = await Promise.all(["prometheus", "grafana"].map(container));
    const [oldest] = await query("min_over_time(timestamp(up{job='demo'})[1h:5s])");
    assert.ok(oldest);
    const label = "LABEL vllm-observability.test=newer";
    configure({
      prometheus: {
        image: await derivedImage(IMAGES.prometheus, "prometheus-newer", label),
        port: ports.prometheus,
      },
      grafana: {
        image: await derivedImage(IMAGES.grafana, "grafana-newer", label),
        port: ports.grafana,
      },
    });
    await up();
    for (const [index, component] of ["prometheus", "grafana"].entries()) {
      assert.notEqual((await container(component)).id, old[index]?.id, component);
    }
    const [stillOldest] = await query("min_over_time(timestamp(up{job='demo'})[1h:5s])");
    assert.ok(Number(stillOldest?.value[1]) <= Number(oldest.value[1]) + 5);
    assert.equal((await fetchDashboard()).dashboard.title, "vLLM");
    assertUnchanged((await up()).output);
  });

  it("other settings never replace a data volume", async () => {
    await mark("prometheus", "/prometheus");
    await mark("grafana", "/var/lib/grafana");
    configure({
      scrapeInterval: "2s",
      evaluationInterval: "10s",
      retention: { time: "40d", size: "1GB" },
      prometheus: { ...(settings.prometheus as object), memory: 300, port: await freePort() },
      grafana: { ...(settings.grafana as object), memory: 400 },
    });
    await up();
    assert.equal((await container("prometheus")).HostConfig.Memory, 300 * 1024 * 1024);
    await assertMarked("prometheus", "/prometheus");
    await assertMarked("grafana", "/var/lib/grafana");
  });

  it("switching a part off asks before its volume goes", async () => {
    configure({ demo: false, targets: ["prometheus:9090"] });
    const refused = await lab.run("up");
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, new RegExp(`deletes vllm-observability-${lab.stack}-demo-files`));
    assert.match(refused.output, /re-run with --yes/);
    await container("demo");
    await up("--yes");
    const left = (await stackContainers(lab.stack)).map(({ component }) => component).sort();
    assert.deepEqual(left, ["grafana", "grafana-secrets", "prometheus", "prometheus-config"]);
  });

  it("destroy requires a confirmation, and then leaves nothing", async () => {
    const refused = await lab.run("destroy");
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, /re-run with --yes/);
    assert.equal((await container("grafana")).running, true);
    const ran = await lab.run("destroy", ["--yes"]);
    assert.equal(ran.code, 0, ran.output);
    assert.deepEqual(await lab.leftovers(), { containers: [], volumes: [], networks: [] });
    assert.deepEqual(lab.stateFiles(), []);
  });
});

interface GrafanaDashboard {
  dashboard: {
    title: string;
    panels: { title: string; targets: { refId: string; expr: string }[] }[];
  };
  meta: { folderUid: string };
}

interface QueryResult {
  error?: string;
  frames?: { data: { values: unknown[][] } }[];
}

/** Fails unless the last summary that a command printed says that nothing changed. */
function assertUnchanged(output: string): void {
  const counts = [...output.matchAll(/^ {2}(\d+ [a-z]+(?:, \d+ [a-z]+)*)$/gm)].map(
    ([, text]) => text,
  );
  assert.ok(counts.length > 0, output);
  for (const count of counts) assert.match(count ?? "", /^\d+ unchanged$/, output);
}
