import { randomUUID } from "node:crypto";
import { checkUid, folderUrl } from "./folders.ts";
import {
  TRACED,
  ApiError,
  isObject,
  jsonBody,
  now,
  type ApiRoute,
  route,
  slug,
  text,
} from "./http.ts";
import type { StoredDashboard, Store } from "./store.ts";

/** The dashboards API and the search API. */
export function dashboardRoutes(store: Store): ApiRoute[] {
  const { data } = store;
  return [
    route("POST", "/api/dashboards/db", (request) => {
      const { id, uid, title, version } = saveDashboard(store, jsonBody(request));
      store.save();
      return {
        body: {
          id,
          slug: slug(title),
          status: "success",
          uid,
          url: dashboardPath({ uid, title }),
          version,
        },
      };
    }),

    route("GET", "/api/dashboards/uid/:uid", ({ params }) => ({
      body: show(findDashboard(store, params.uid), store),
    })),

    route("DELETE", "/api/dashboards/uid/:uid", ({ params }) => {
      const { id, uid, title } = findDashboard(store, params.uid);
      data.dashboards = data.dashboards.filter((other) => other.uid !== uid);
      store.save();
      return { body: { id, message: `Dashboard ${title} deleted`, title } };
    }),

    route("GET", "/api/search", ({ query }) => ({ body: search(store, query) })),
  ];
}

/** @throws ApiError 404 */
export function findDashboard({ data }: Store, uid: string | undefined): StoredDashboard {
  const dashboard = data.dashboards.find((candidate) => candidate.uid === uid);
  if (!dashboard) throw new ApiError(404, "Dashboard not found", TRACED);
  return dashboard;
}

export function dashboardPath({ uid, title }: { uid: string; title: string }): string {
  return `/d/${uid}/${slug(title)}`;
}

/** Creates or updates a dashboard. Makes the same checks in the same order as Grafana. */
function saveDashboard({ data }: Store, command: Record<string, unknown>): StoredDashboard {
  if (!isObject(command.dashboard)) throw new ApiError(400, "bad request data", TRACED);
  const { id, version, ...model } = command.dashboard;
  const overwrite = command.overwrite === true;
  const folderUid = text(command.folderUid) || undefined;
  if (folderUid !== undefined && !data.folders.some((folder) => folder.uid === folderUid)) {
    throw new ApiError(400, "Folder not found", TRACED);
  }
  const title = text(model.title).trim();
  if (!title) throw new ApiError(400, "Dashboard title cannot be empty", { status: "empty-name" });
  const wantedUid = checkUid(text(model.uid));

  if (data.folders.some((folder) => folder.uid === wantedUid)) {
    throw new ApiError(400, "Dashboard cannot be changed to a folder");
  }
  const byId = data.dashboards.find((dashboard) => dashboard.id === id);
  if (typeof id === "number" && id > 0 && !byId) {
    throw new ApiError(404, "Dashboard not found", { status: "not-found" });
  }
  const byUid = data.dashboards.find((dashboard) => dashboard.uid === wantedUid);
  if (byId && byUid && byId !== byUid) {
    throw new ApiError(400, "A dashboard with the same uid already exists");
  }
  if (data.folders.some((folder) => slug(folder.title) === slug(title))) {
    throw new ApiError(400, "Dashboard name cannot be the same as folder", {
      status: "name-match",
    });
  }
  const named = byId ?? byUid;
  if (named && !overwrite && version !== named.version) {
    const message = "The dashboard has been changed by someone else";
    throw new ApiError(412, message, { status: "version-mismatch" });
  }
  const namesake = data.dashboards.find(
    (other) =>
      other !== named && other.folderUid === folderUid && slug(other.title) === slug(title),
  );
  if (namesake && !overwrite) {
    const message = "A dashboard with the same name in the folder already exists";
    throw new ApiError(412, message, { status: "name-exists" });
  }

  const existing = namesake ?? named;
  const uid = namesake?.uid ?? (wantedUid === "" ? (named?.uid ?? randomUUID()) : wantedUid);
  const time = now();
  const saved: StoredDashboard = {
    id: existing?.id ?? ++data.lastId,
    uid,
    title,
    folderUid,
    created: existing?.created ?? time,
    updated: time,
    version: (existing?.version ?? 0) + 1,
    model: { ...model, uid },
  };
  data.dashboards = [...data.dashboards.filter((other) => other !== existing), saved];
  return saved;
}

function show(dashboard: StoredDashboard, { data }: Store): Record<string, unknown> {
  const folder = data.folders.find(({ uid }) => uid === dashboard.folderUid);
  const may = { canAdd: true, canEdit: true, canDelete: true };
  return {
    meta: {
      type: "db",
      canSave: true,
      canEdit: true,
      canAdmin: true,
      canStar: true,
      canDelete: true,
      slug: slug(dashboard.title),
      url: dashboardPath(dashboard),
      expires: "0001-01-01T00:00:00Z",
      created: dashboard.created,
      updated: dashboard.updated,
      updatedBy: data.user.login,
      createdBy: data.user.login,
      version: dashboard.version,
      hasAcl: false,
      isFolder: false,
      folderId: folder?.id ?? 0,
      folderUid: folder?.uid ?? "",
      folderTitle: folder?.title ?? "General",
      folderUrl: folder ? folderUrl(folder) : "",
      provisioned: false,
      provisionedExternalId: "",
      annotationsPermissions: { dashboard: may, organization: may },
      hasPublicDashboard: false,
      publicDashboardAccessToken: "",
      publicDashboardUid: "",
      publicDashboardEnabled: false,
    },
    dashboard: { id: dashboard.id, ...dashboard.model, version: dashboard.version },
  };
}

function search({ data }: Store, query: URLSearchParams): Record<string, unknown>[] {
  const wanted = (query.get("query") ?? "").toLowerCase();
  const type = query.get("type");
  const uids = [...query.getAll("dashboardUID"), ...query.getAll("dashboardUIDs")];
  const folders = data.folders.map((folder) => ({
    id: folder.id,
    uid: folder.uid,
    title: folder.title,
    uri: `db/${slug(folder.title)}`,
    url: folderUrl(folder),
    slug: "",
    type: "dash-folder",
    tags: [],
    isStarred: false,
    sortMeta: 0,
  }));
  const dashboards = data.dashboards.map((dashboard) => {
    const folder = data.folders.find(({ uid }) => uid === dashboard.folderUid);
    return {
      id: dashboard.id,
      uid: dashboard.uid,
      title: dashboard.title,
      uri: `db/${slug(dashboard.title)}`,
      url: dashboardPath(dashboard),
      slug: "",
      type: "dash-db",
      tags: Array.isArray(dashboard.model.tags) ? dashboard.model.tags : [],
      isStarred: false,
      ...(folder && {
        folderId: folder.id,
        folderUid: folder.uid,
        folderTitle: folder.title,
        folderUrl: folderUrl(folder),
      }),
      sortMeta: 0,
    };
  });
  return [...folders, ...dashboards].filter(
    (hit) =>
      hit.title.toLowerCase().includes(wanted) &&
      (type === null || hit.type === type) &&
      (uids.length === 0 || uids.includes(hit.uid)),
  );
}
