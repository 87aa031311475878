import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createServer } from "../../../../lab/kit/grafana/standInServer.ts";
import { start, temporaryFolder } from "./start.ts";

const FOLDER = { uid: "vllm", title: "vLLM monitoring" };
const DASHBOARD = { uid: "dashboard", title: "vLLM", panels: [] };
const SOURCE = {
  uid: "prometheus",
  name: "Prometheus",
  type: "prometheus",
  access: "proxy",
  url: "http://prometheus:9090",
};

describe("sign-in", () => {
  it("is required for everything except the health check", async (context) => {
    const { url, send } = await start(context);
    const health = await fetch(`${url}/api/health`);
    assert.deepEqual(await health.json(), {
      commit: "stand-in",
      database: "ok",
      version: "9.4.0",
    });
    for (const path of ["/api/folders", "/api/user", "/api/nothing", "/", "/d/dashboard"]) {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 401);
      assert.deepEqual(await answer.json(), { message: "Unauthorized" });
      assert.equal(answer.headers.has("www-authenticate"), !path.startsWith("/api/"), path);
    }
    for (const credentials of ["admin:wrong", "admin:", "root:secret"]) {
      const answer = await send("GET", "/api/folders", undefined, credentials);
      assert.equal(answer.status, 401, credentials);
    }
    assert.equal((await send("GET", "/api/folders")).status, 200);
  });

  it("hides the version from anonymous users when configured", async (context) => {
    const { url } = await start(context, { hideVersion: true });
    assert.deepEqual(await (await fetch(`${url}/api/health`)).json(), { database: "ok" });
  });

  it("keeps the first password, hashed, and ignores later ones", async (context) => {
    const dataDir = temporaryFolder(context);
    const first = await start(context, { dataDir });
    await first.send("POST", "/api/folders", FOLDER);
    await first.stop();
    assert.doesNotMatch(readFileSync(join(dataDir, "grafana.json"), "utf8"), /secret"/);

    const second = await start(context, { dataDir, adminPassword: "changed" });
    const changed = await second.send("GET", "/api/folders/vllm", undefined, "admin:changed");
    assert.equal(changed.status, 401);
    assert.equal((await second.send("GET", "/api/folders/vllm")).status, 200);
  });

  it("does not let pages of other sites change anything", async (context) => {
    const { url } = await start(context);
    const post = async (origin: string) => {
      const authorization = `Basic ${Buffer.from("admin:secret").toString("base64")}`;
      const headers = { authorization, origin };
      const body = JSON.stringify({ title: origin });
      return (await fetch(`${url}/api/folders`, { method: "POST", headers, body })).status;
    };
    assert.equal(await post("http://elsewhere.example"), 403);
    assert.equal(await post("null"), 403);
    assert.equal(await post(url), 200);
  });

  it("survives invalid addresses", async (context) => {
    const { url, send } = await start(context);
    for (const path of ["//", "/%", "/d/%zz"]) await fetch(url + path);
    assert.equal((await send("GET", "/api/folders")).status, 200);
  });

  it("fails at once when the data folder cannot be written", (context) => {
    const dataDir = join(temporaryFolder(context), "file");
    writeFileSync(dataDir, "");
    assert.throws(
      () => createServer({ dataDir, adminUser: "admin", adminPassword: "x", hideVersion: false }),
      { message: `GF_PATHS_DATA='${dataDir}' is not writable.` },
    );
    mkdirSync(`${dataDir}2`);
    createServer({
      dataDir: `${dataDir}2`,
      adminUser: "a",
      adminPassword: "x",
      hideVersion: false,
    });
  });
});

describe("folders", () => {
  it("are renamed and deleted, with the dashboards in them", async (context) => {
    const { send } = await start(context);
    await send("POST", "/api/folders", FOLDER);
    await send("POST", "/api/dashboards/db", { dashboard: DASHBOARD, folderUid: "vllm" });
    assert.equal((await send("PUT", "/api/folders/vllm", { title: "B", version: 9 })).status, 412);
    const renamed = await send("PUT", "/api/folders/vllm", { title: "B", version: 1 });
    assert.equal((renamed.body as { url: string }).url, "/dashboards/f/vllm/b");
    assert.equal((renamed.body as { version: number }).version, 2);
    assert.equal((await send("DELETE", "/api/folders/vllm")).status, 200);
    assert.equal((await send("GET", "/api/dashboards/uid/dashboard")).status, 404);
  });
});

describe("dashboards", () => {
  it("are overwritten on request, by uid or by name", async (context) => {
    const { send } = await start(context);
    const post = (dashboard: unknown) =>
      send("POST", "/api/dashboards/db", { dashboard, overwrite: true });
    await post(DASHBOARD);
    const again = (await post({ ...DASHBOARD, title: "Renamed" })).body;
    assert.deepEqual(again, {
      id: 1,
      slug: "renamed",
      status: "success",
      uid: "dashboard",
      url: "/d/dashboard/renamed",
      version: 2,
    });
    const byName = (await post({ uid: "other", title: "Renamed" })).body as { uid: string };
    assert.equal(byName.uid, "dashboard");
  });

  it("are found by searches until they are deleted", async (context) => {
    const { send } = await start(context);
    await send("POST", "/api/folders", FOLDER);
    await send("POST", "/api/dashboards/db", { dashboard: DASHBOARD, folderUid: "vllm" });
    const found = async (query: string) =>
      ((await send("GET", `/api/search?${query}`)).body as { uid: string }[]).map(({ uid }) => uid);
    assert.deepEqual(await found(""), ["vllm", "dashboard"]);
    assert.deepEqual(await found("type=dash-db"), ["dashboard"]);
    assert.deepEqual(await found("query=monitor"), ["vllm"]);
    assert.deepEqual(await found("dashboardUIDs=dashboard"), ["dashboard"]);
    assert.deepEqual(await send("DELETE", "/api/dashboards/uid/dashboard"), {
      status: 200,
      body: { id: 2, message: "Dashboard vLLM deleted", title: "vLLM" },
    });
    assert.deepEqual(await found("type=dash-db"), []);
  });
});

describe("data sources", () => {
  it("never show a secret, and have one default", async (context) => {
    const { send } = await start(context);
    const secrets = { secureJsonData: { httpHeaderValue1: "hidden" } };
    await send("POST", "/api/datasources", { ...SOURCE, isDefault: true, ...secrets });
    await send("POST", "/api/datasources", { ...SOURCE, uid: "b", name: "B", isDefault: true });
    const update = { ...SOURCE, url: "http://other:9090" };
    const { body } = await send("PUT", "/api/datasources/uid/prometheus", update);
    const { datasource } = body as {
      datasource: { url: string; secureJsonFields: unknown; isDefault: boolean };
    };
    assert.equal(datasource.url, "http://other:9090");
    assert.deepEqual(datasource.secureJsonFields, { httpHeaderValue1: true });
    assert.equal(datasource.isDefault, false);
    assert.doesNotMatch(JSON.stringify(await send("GET", "/api/datasources")), /hidden/);
  });
});
