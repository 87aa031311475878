import { randomUUID } from "node:crypto";
import { TRACED, ApiError, isObject, jsonBody, type ApiRoute, route, text } from "./http.ts";
import type { StoredDataSource, Store } from "./store.ts";

/** The data sources API, except for queries. */
export function dataSourceRoutes(store: Store): ApiRoute[] {
  const { data } = store;

  const put = (dataSource: StoredDataSource) => {
    const others = data.dataSources.filter(({ id }) => id !== dataSource.id);
    if (dataSource.isDefault) for (const other of others) other.isDefault = false;
    data.dataSources = [...others, dataSource];
    store.save();
  };

  return [
    route("GET", "/api/datasources", () => ({ body: data.dataSources.map(summarize) })),

    route("POST", "/api/datasources", (request) => {
      const fields = readFields(jsonBody(request));
      const uid = fields.uid || randomUUID();
      if (data.dataSources.some(({ name }) => name === fields.name)) {
        throw new ApiError(409, "data source with the same name already exists", TRACED);
      }
      if (data.dataSources.some((other) => other.uid === uid)) {
        throw new ApiError(409, "data source with the same uid already exists", TRACED);
      }
      const dataSource = { ...fields, id: ++data.lastDataSourceId, uid, version: 1 };
      put(dataSource);
      return { body: changed(dataSource, "Datasource added") };
    }),

    route("GET", "/api/datasources/uid/:uid", ({ params }) => ({
      body: show(findDataSource(store, params.uid)),
    })),

    route("PUT", "/api/datasources/uid/:uid", (request) => {
      const { id, uid, secureJsonData } = findDataSource(store, request.params.uid);
      const body = jsonBody(request);
      const fields = readFields(body);
      const dataSource = {
        ...fields,
        id,
        uid: fields.uid || uid,
        secureJsonData: { ...secureJsonData, ...fields.secureJsonData },
        // Count from the version in the request, not from the stored version.
        version: (typeof body.version === "number" ? body.version : 0) + 1,
      };
      put(dataSource);
      return { body: changed(dataSource, "Datasource updated") };
    }),

    route("DELETE", "/api/datasources/uid/:uid", ({ params }) => {
      const { id } = findDataSource(store, params.uid);
      data.dataSources = data.dataSources.filter((other) => other.id !== id);
      store.save();
      return { body: { id, message: "Data source deleted" } };
    }),
  ];
}

/** @throws ApiError 404, with `more` in it */
export function findDataSource(
  { data }: Store,
  uid: string | undefined,
  more?: Record<string, unknown>,
): StoredDataSource {
  const dataSource = data.dataSources.find((candidate) => candidate.uid === uid);
  if (!dataSource) throw new ApiError(404, "Data source not found", more);
  return dataSource;
}

type Fields = Omit<StoredDataSource, "id" | "version">;

function readFields(body: Record<string, unknown>): Fields {
  const [name, type, access] = [text(body.name), text(body.type), text(body.access)];
  if (!name || !type || !access) throw new ApiError(400, "bad request data", TRACED);
  const url = text(body.url);
  if (url && !URL.canParse(url)) throw new ApiError(400, "Validation error, invalid URL", TRACED);
  return {
    uid: text(body.uid),
    name,
    type,
    access,
    url,
    isDefault: body.isDefault === true,
    jsonData: isObject(body.jsonData) ? body.jsonData : {},
    secureJsonData: isObject(body.secureJsonData)
      ? (body.secureJsonData as Record<string, string>)
      : {},
  };
}

function changed(dataSource: StoredDataSource, message: string): Record<string, unknown> {
  return { datasource: show(dataSource), id: dataSource.id, message, name: dataSource.name };
}

/** An entry in the list of data sources. It has fewer fields than the data source itself. */
function summarize(dataSource: StoredDataSource): Record<string, unknown> {
  const { type } = dataSource;
  return {
    ...Object.fromEntries(Object.entries(show(dataSource)).filter(([key]) => !UNLISTED.has(key))),
    typeName: type.charAt(0).toUpperCase() + type.slice(1),
    typeLogoUrl: `public/app/plugins/datasource/${type}/img/${type}_logo.svg`,
  };
}

const UNLISTED = new Set(["basicAuthUser", "withCredentials", "secureJsonFields", "version"]);

/** Shows which secrets exist, but never their values. */
function show({ secureJsonData, ...fields }: StoredDataSource): Record<string, unknown> {
  return {
    id: fields.id,
    uid: fields.uid,
    orgId: 1,
    name: fields.name,
    type: fields.type,
    typeLogoUrl: "",
    access: fields.access,
    url: fields.url,
    user: "",
    database: "",
    basicAuth: false,
    basicAuthUser: "",
    withCredentials: false,
    isDefault: fields.isDefault,
    jsonData: fields.jsonData,
    secureJsonFields: Object.fromEntries(Object.keys(secureJsonData).map((key) => [key, true])),
    version: fields.version,
    readOnly: false,
  };
}
