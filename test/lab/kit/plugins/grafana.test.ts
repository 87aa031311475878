import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GrafanaClient, pause } from "../../../../lab/kit/plugins/grafana/client.ts";
import { normalizeDashboard } from "../../../../lab/kit/plugins/grafana/dashboard.ts";
import { grafanaPlugin } from "../../../../lab/kit/plugins/grafana/index.ts";
import { goJson } from "../../../../lab/kit/plugins/grafana/json.ts";
import { attach, type Attached } from "./client.ts";
import {
  recordedResource,
  type RecordedRequest,
  recordedRequests,
  shape,
  withoutNotes,
} from "./recordings.ts";
import { replay } from "./replay.ts";

const FOLDER = "grafana:oss/folder:Folder";
const DATA_SOURCE = "grafana:oss/dataSource:DataSource";
const DASHBOARD = "grafana:oss/dashboard:Dashboard";

/** Runs against a Grafana that answers as recorded, and compares the requests with the recording. */
async function replaying(
  requests: RecordedRequest[],
  run: (plugin: Attached, url: string) => Promise<void>,
): Promise<void> {
  const server = await replay(requests);
  const plugin = await attach(grafanaPlugin, { url: server.url, auth: "admin:secret" });
  try {
    await run(plugin, server.url);
  } finally {
    await plugin.stop();
    await server.close();
  }
  server.verify();
  assert.deepEqual([...server.authorizations], ["Basic YWRtaW46c2VjcmV0"]);
}

function answer(method: string, path: string, status: number, response: unknown = {}) {
  return { method, path, request: null, status, response };
}

describe("the recorded conversation with Grafana", () => {
  test("a folder is created and refreshed twice", async () => {
    const { inputs, outputs } = recordedResource("folder");
    await replaying(recordedRequests("/api/folders"), async (plugin, url) => {
      const { id, state } = await plugin.create(FOLDER, inputs);
      assert.equal(id, "1:vllm");
      assert.deepEqual(shape(state), shape(outputs));
      assert.equal(state.url, `${url}/dashboards/f/vllm/vllm-monitoring`);
      for (let round = 0; round < 2; round++) {
        assert.deepEqual((await plugin.read(FOLDER, id, state)).state, state);
      }
    });
  });

  test("a data source is created and refreshed twice", async () => {
    const { inputs, outputs } = recordedResource("ds");
    await replaying(recordedRequests("/api/datasources"), async (plugin) => {
      const { id, state } = await plugin.create(DATA_SOURCE, inputs);
      assert.equal(id, "1:prometheus");
      const blanked = { httpHeaders: "<secret>", secureJsonDataEncoded: "<secret>" };
      assert.deepEqual(shape({ ...state, ...blanked }), shape(outputs));
      assert.equal(state.jsonDataEncoded, outputs.jsonDataEncoded);
      for (let round = 0; round < 2; round++) {
        assert.deepEqual((await plugin.read(DATA_SOURCE, id, state)).state, state);
      }
    });
  });

  test("a dashboard is created, updated and refreshed; an edit by hand is noticed and undone", async () => {
    const { outputs } = recordedResource("dash");
    const inputs = withoutNotes(recordedResource("dash").inputs);
    const final = inputs.configJson as string;
    const first = final.replace("Running now", "Running");
    await replaying(recordedRequests("/api/dashboards"), async (plugin, url) => {
      const created = await plugin.create(DASHBOARD, { ...inputs, configJson: first });
      const { id } = created;
      assert.equal(id, "1:b281712d-8bff-41ef-9f3f-71ad43c05e9b");
      assert.deepEqual(shape(created.state), shape(outputs));
      const updated = await plugin.update(DASHBOARD, id, created.state, inputs);
      assert.deepEqual(
        { ...updated, url: undefined, version: 4 },
        { ...withoutNotes(outputs), url: undefined },
      );
      assert.equal(updated.url, `${url}/d/b281712d-8bff-41ef-9f3f-71ad43c05e9b/vllm`);
      const unchanged = await plugin.read(DASHBOARD, id, updated, inputs);
      assert.deepEqual(unchanged, { id, state: updated, inputs });
      const edited = await plugin.read(DASHBOARD, id, updated, inputs);
      const byHand =
        '{"panels":[],"schemaVersion":39,"title":"vLLM","uid":"b281712d-8bff-41ef-9f3f-71ad43c05e9b"}';
      assert.equal(edited.state.configJson, byHand);
      assert.equal(edited.inputs.configJson, byHand);
      const planned = await plugin.diff(DASHBOARD, edited.state, inputs);
      assert.deepEqual(planned.changed, ["configJson"]);
      const back = await plugin.update(DASHBOARD, id, edited.state, inputs);
      assert.equal(back.configJson, outputs.configJson);
      assert.equal(back.version, 4);
    });
  });
});

describe("requests that were not recorded", () => {
  const uid = "b281712d-8bff-41ef-9f3f-71ad43c05e9b";

  test("deleting succeeds, even if Grafana no longer has the object", async () => {
    const requests = [
      answer("DELETE", `/api/dashboards/uid/${uid}`, 200),
      answer("DELETE", "/api/datasources/uid/prometheus", 200),
      answer("DELETE", "/api/folders/vllm?forceDeleteRules=true", 404),
    ];
    await replaying(requests, async (plugin) => {
      await plugin.delete(DASHBOARD, `1:${uid}`);
      await plugin.delete(DATA_SOURCE, "1:prometheus");
      await plugin.delete(FOLDER, "1:vllm");
    });
  });

  test("a refresh finds that an object is gone if Grafana answers 404", async () => {
    const requests = [
      answer("GET", `/api/dashboards/uid/${uid}`, 404),
      answer("GET", "/api/datasources/uid/prometheus", 404),
      answer("GET", "/api/folders/vllm", 404),
    ];
    await replaying(requests, async (plugin) => {
      const gone = { id: "", state: {}, inputs: {} };
      assert.deepEqual(await plugin.read(DASHBOARD, `1:${uid}`, {}), gone);
      assert.deepEqual(await plugin.read(DATA_SOURCE, "1:prometheus", {}), gone);
      assert.deepEqual(await plugin.read(FOLDER, "1:vllm", {}), gone);
    });
  });

  test("a changed data source is sent with a single PUT and not read again", async () => {
    const { inputs, outputs } = recordedResource("ds");
    const [created] = recordedRequests("/api/datasources");
    const put = {
      ...answer("PUT", "/api/datasources/uid/prometheus", 200),
      request: { ...(created?.request as object), url: "http://other:9090" },
    };
    await replaying([put], async (plugin) => {
      const changed = { ...inputs, url: "http://other:9090" };
      const state = await plugin.update(DATA_SOURCE, "1:prometheus", outputs, changed);
      assert.equal(state.url, "http://other:9090");
      assert.equal(state.jsonDataEncoded, outputs.jsonDataEncoded);
    });
  });

  test("a changed folder is read, sent with a PUT and read again", async () => {
    const [, read] = recordedRequests("/api/folders");
    assert.ok(read);
    const put = {
      ...answer("PUT", "/api/folders/vllm", 200),
      request: { overwrite: true, title: "Other" },
    };
    const renamed = { ...read, response: { ...(read.response as object), title: "Other" } };
    await replaying([read, put, renamed], async (plugin) => {
      const state = await plugin.update(FOLDER, "1:vllm", {}, { title: "Other", uid: "vllm" });
      assert.equal(state.title, "Other");
    });
  });

  test("creating a data source that already exists fails with the real provider's conflict error", async () => {
    const { inputs } = recordedResource("ds");
    const [created] = recordedRequests("/api/datasources");
    assert.ok(created);
    const message = "data source with the same name already exists";
    const conflict = { ...created, status: 409, response: { message, traceID: "x" } };
    await replaying([conflict], async (plugin) => {
      await assert.rejects(plugin.create(DATA_SOURCE, inputs), {
        details:
          "1 error occurred:\n\t* [POST /datasources][409] addDataSourceConflict " +
          `{"message":"${message}"}\n\n`,
      });
    });
  });
});

describe("tries", () => {
  const read = { name: "getFolderByUid", method: "GET", path: "/folders/{folder_uid}" } as const;
  const PATH = "/api/folders/vllm";

  const retryStatusCodes = ["401", "412", "429", "5xx"];

  /** Reads a folder from a Grafana that gives exactly these answers, and no more. */
  const call = async (answers: RecordedRequest[], retries: number) => {
    const server = await replay(answers);
    const connection = {
      url: server.url,
      auth: "admin:x",
      retries,
      retryWait: 0.001,
      retryStatusCodes,
    };
    try {
      return await new GrafanaClient(connection).call(read, { parameter: "vllm" });
    } finally {
      await server.close();
      server.verify();
    }
  };
  const refusals = [401, 412, 429, 503].map((status) => answer("GET", PATH, status));

  test("again after 401, 412, 429 and 5xx", async () => {
    const known = answer("GET", PATH, 200, { uid: "vllm" });
    assert.deepEqual(await call([...refusals, known], 4), { uid: "vllm" });
  });

  test("no more often than configured", async () => {
    await assert.rejects(call(refusals.slice(0, 2), 1), {
      message: "[GET /folders/{folder_uid}][412] getFolderByUidPreconditionFailed {}",
    });
  });

  test("not again after 400, 404 and 409", async () => {
    for (const status of [400, 404, 409]) {
      await assert.rejects(call([answer("GET", PATH, status)], 3), { status });
    }
  });

  test("again when the connection is refused", async () => {
    const server = await replay([]);
    await server.close();
    const connection = {
      url: server.url,
      auth: "admin:x",
      retries: 2,
      retryWait: 0.001,
      retryStatusCodes,
    };
    const address = server.url.replace("http://", "");
    await assert.rejects(new GrafanaClient(connection).call(read, { parameter: "vllm" }), {
      message: `Get "http://${address}${PATH}": dial tcp ${address}: connect: connection refused`,
    });
  });

  test("again after 2, 4 and 8 s, or after the configured wait", () => {
    const pauses = [0, 1, 2].map((repeated) => pause({ retryWait: 0 }, repeated));
    assert.deepEqual(pauses, [2000, 4000, 8000]);
    assert.equal(pause({ retryWait: 3 }, 2), 3000);
  });
});

describe("configuration", () => {
  test("is rejected with the name of an unknown option, or of an invalid URL", async () => {
    await assert.rejects(
      attach(grafanaPlugin, { url: "http://a", auth: "a:b", caCert: "x" }),
      /caCert/,
    );
    await assert.rejects(attach(grafanaPlugin, { url: "nowhere", auth: "a:b" }), /url/);
  });

  test("is kept apart for two plugins that run at the same time", async () => {
    const [, read] = recordedRequests("/api/folders");
    assert.ok(read);
    const one = replaying([read], async (plugin) => {
      await plugin.read(FOLDER, "1:vllm", {});
    });
    const other = replaying([read, read], async (plugin) => {
      await plugin.read(FOLDER, "1:vllm", {});
      await plugin.read(FOLDER, "1:vllm", {});
    });
    await Promise.all([one, other]);
  });
});

describe("JSON", () => {
  test("is written as Go writes it", () => {
    assert.equal(
      goJson({ b: "<a & b>", a: [{ d: 1, c: null }] }),
      String.raw`{"a":[{"c":null,"d":1}],"b":"\u003ca \u0026 b\u003e"}`,
    );
  });

  test("of a dashboard keeps the ids of nested panels, but only the name and uid of library panels", () => {
    const dashboard = {
      id: 1,
      version: 2,
      panels: [
        { id: 3, type: "row", panels: [{ id: 4 }] },
        { id: 5, libraryPanel: { uid: "u", name: "n", version: 6 } },
      ],
    };
    assert.equal(
      normalizeDashboard(dashboard),
      '{"panels":[{"panels":[{"id":4}],"type":"row"},{"libraryPanel":{"name":"n","uid":"u"}}]}',
    );
  });
});
