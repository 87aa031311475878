import { randomUUID } from "node:crypto";
import { TRACED, ApiError, jsonBody, now, type ApiRoute, route, slug, text } from "./http.ts";
import type { StoredFolder, Store } from "./store.ts";

/** The folders API. */
export function folderRoutes(store: Store): ApiRoute[] {
  const { data } = store;

  const find = (uid: string | undefined): StoredFolder => {
    const folder = data.folders.find((candidate) => candidate.uid === uid);
    if (!folder) throw new ApiError(404, "folder not found", { status: "not-found" });
    return folder;
  };

  return [
    route("GET", "/api/folders", () => ({
      body: data.folders.map(({ id, uid, title }) => ({ id, uid, title })),
    })),

    route("POST", "/api/folders", (request) => {
      const body = jsonBody(request);
      const title = requireTitle(body.title);
      const uid = checkUid(text(body.uid), TRACED) || randomUUID();
      if (data.folders.some((folder) => folder.uid === uid)) throw changedByOther();
      requireFreeTitle(store, title, uid);
      const time = now();
      const folder = { id: ++data.lastId, uid, title, created: time, updated: time, version: 1 };
      data.folders.push(folder);
      store.save();
      return { body: show(folder, data.user.login) };
    }),

    route("GET", "/api/folders/:uid", ({ params }) => ({
      body: show(find(params.uid), data.user.login),
    })),

    route("PUT", "/api/folders/:uid", (request) => {
      const folder = find(request.params.uid);
      const body = jsonBody(request);
      const title = requireTitle(body.title);
      if (body.overwrite !== true && body.version !== folder.version) throw changedByOther();
      requireFreeTitle(store, title, folder.uid);
      Object.assign(folder, { title, updated: now(), version: folder.version + 1 });
      store.save();
      return { body: show(folder, data.user.login) };
    }),

    route("DELETE", "/api/folders/:uid", ({ params }) => {
      const folder = find(params.uid);
      data.folders = data.folders.filter((other) => other !== folder);
      data.dashboards = data.dashboards.filter(({ folderUid }) => folderUid !== folder.uid);
      store.save();
      return {};
    }),
  ];
}

export function folderUrl(folder: StoredFolder): string {
  return `/dashboards/f/${folder.uid}/${slug(folder.title)}`;
}

/**
 * Returns a uid that Grafana accepts. @throws ApiError 400, including `more`, for any other.
 */
export function checkUid(uid: string, more?: Record<string, unknown>): string {
  if (uid.length > 40) throw new ApiError(400, "uid too long, max 40 characters", more);
  if (!/^[\w-]*$/.test(uid)) throw new ApiError(400, "uid contains illegal characters", more);
  return uid;
}

function requireTitle(title: unknown): string {
  const trimmed = text(title).trim();
  if (!trimmed) throw new ApiError(400, "folder title cannot be empty");
  return trimmed;
}

function requireFreeTitle({ data }: Store, title: string, uid: string): void {
  const sameName = (other: { title: string }) => slug(other.title) === slug(title);
  if (
    data.folders.some((other) => other.uid !== uid && sameName(other)) ||
    data.dashboards.some((other) => other.folderUid === undefined && sameName(other))
  ) {
    throw new ApiError(
      409,
      "a folder or dashboard in the general folder with the same name already exists",
    );
  }
}

function changedByOther(): ApiError {
  return new ApiError(412, "the folder has been changed by someone else", {
    status: "version-mismatch",
  });
}

function show(folder: StoredFolder, login: string): Record<string, unknown> {
  return {
    id: folder.id,
    uid: folder.uid,
    title: folder.title,
    url: folderUrl(folder),
    hasAcl: false,
    canSave: true,
    canEdit: true,
    canAdmin: true,
    canDelete: true,
    createdBy: login,
    created: folder.created,
    updatedBy: login,
    updated: folder.updated,
    version: folder.version,
  };
}
