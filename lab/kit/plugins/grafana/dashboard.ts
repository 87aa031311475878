import { z } from "zod";
import { resourceStandIn } from "../standIn.ts";
import { type GrafanaClient, ifKnown, type ApiOperation } from "./client.ts";
import { orgId, reading, uidOf } from "./ids.ts";
import { goJson, isJsonObject, omit, omitEmpty } from "./json.ts";

const PATH = "/dashboards/uid/{uid}";
const SAVE: ApiOperation = { name: "postDashboard", method: "POST", path: "/dashboards/db" };
const READ: ApiOperation = { name: "getDashboardByUid", method: "GET", path: PATH };
const DELETE: ApiOperation = { name: "deleteDashboardByUid", method: "DELETE", path: PATH };

const inputs = z.strictObject({
  configJson: z.string().refine(isJsonObject, { error: "must be a JSON object" }),
  folder: z.string().default(""),
  overwrite: z.boolean().default(false),
});
type DashboardInputs = z.output<typeof inputs>;

interface Model extends Record<string, unknown> {
  id: number;
  uid: string;
  version: number;
}

/**
 * `grafana:oss/dashboard:Dashboard`. The state contains Grafana's JSON, so a refresh detects a
 * manually edited dashboard, and the next `up` restores it.
 */
export function dashboardStandIn(client: GrafanaClient) {
  const read = async (id: string, state: Record<string, unknown>) => {
    const found = await reading(
      "dashboard",
      id,
      ifKnown(
        client.call<{ dashboard: Model; meta: { url: string; folderUid: string } }>(READ, {
          parameter: uidOf(id),
        }),
      ),
    );
    if (found === undefined) return undefined;
    const { dashboard: model, meta } = found;
    const hasUid = parsed(state.configJson).uid !== undefined;
    return {
      ...state,
      orgId: "1",
      uid: model.uid,
      dashboardId: model.id,
      version: model.version,
      url: client.address(meta.url),
      folder: meta.folderUid,
      configJson: normalizeDashboard(hasUid ? model : omit(model, "uid")),
      message: null,
    };
  };
  const save = async (given: DashboardInputs, id?: number) => {
    const model = omit(parsed(given.configJson), "id");
    return client.call<{ uid: string }>(SAVE, {
      body: omitEmpty({
        UpdatedAt: "0001-01-01T00:00:00.000Z",
        dashboard: id === undefined ? model : { ...model, id },
        folderUid: uidOf(given.folder),
        overwrite: id !== undefined || given.overwrite,
      }),
    });
  };
  return resourceStandIn<DashboardInputs>({
    inputs,
    rules: {
      configJson: {
        change: "update",
        normalize: normalizeDashboard,
        replaces: (state, input) => parsed(state).uid !== parsed(input).uid,
      },
      folder: { change: "update", normalize: (value) => uidOf(String(value)) },
      overwrite: { change: "update" },
    },
    outputs: ["dashboardId", "orgId", "uid", "url", "version"],
    async create(given) {
      const { uid } = await save(given);
      return { id: orgId(uid), state: given };
    },
    read,
    async update(id, old, given) {
      await save(given, old.dashboardId as number);
      return { ...old, ...(await read(id, { ...old, ...given })) };
    },
    async delete(id) {
      await reading("dashboard", id, ifKnown(client.call(DELETE, { parameter: uidOf(id) })));
    },
  });
}

/**
 * The form in which a dashboard's JSON is stored and compared: without the numbers that Grafana
 * assigns (the dashboard's id and version, and the ids of top-level panels), and without the fields
 * that Grafana adds to library panels.
 */
export function normalizeDashboard(config: unknown): string {
  const model = typeof config === "string" ? parsed(config) : (config as Record<string, unknown>);
  const { panels } = model;
  return goJson({
    ...omit(model, "id", "version"),
    ...(Array.isArray(panels) && { panels: panels.map(normalizePanel) }),
  });
}

function normalizePanel(panel: Record<string, unknown>): Record<string, unknown> {
  const library = panel.libraryPanel as { name: string; uid: string } | undefined;
  return {
    ...omit(panel, "id"),
    ...(library && { libraryPanel: { name: library.name, uid: library.uid } }),
  };
}

function parsed(configJson: unknown): Record<string, unknown> {
  if (typeof configJson !== "string" || !isJsonObject(configJson)) return {};
  return JSON.parse(configJson) as Record<string, unknown>;
}
