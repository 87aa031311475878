import { z } from "zod";
import { type DiffRule, resourceStandIn } from "../standIn.ts";
import { type GrafanaClient, ifKnown, type ApiOperation } from "./client.ts";
import { orgId, reading, uidOf } from "./ids.ts";
import { goJson, isJsonObject, omitEmpty } from "./json.ts";

const PATH = "/datasources/uid/{uid}";
const CREATE: ApiOperation = { name: "addDataSource", method: "POST", path: "/datasources" };
const READ: ApiOperation = { name: "getDataSourceByUid", method: "GET", path: PATH };
const UPDATE: ApiOperation = { name: "updateDataSourceByUid", method: "PUT", path: PATH };
const DELETE: ApiOperation = { name: "deleteDataSourceByUid", method: "DELETE", path: PATH };

const inputs = z.strictObject({
  name: z.string(),
  type: z.string(),
  uid: z.string().optional(),
  url: z.string().default(""),
  accessMode: z.enum(["proxy", "direct"]).default("proxy"),
  isDefault: z.boolean().default(false),
  jsonDataEncoded: z
    .string()
    .refine((value) => value === "" || isJsonObject(value), { error: "must be a JSON object" })
    .default(""),
});
type DataSourceInputs = z.output<typeof inputs>;

const update: DiffRule = { change: "update" };

/** Properties of the state for which the stand-in has no input. */
const FIXED = {
  basicAuthEnabled: false,
  basicAuthUsername: "",
  databaseName: "",
  httpHeaders: null,
  privateDataSourceConnectNetworkId: null,
  secureJsonDataEncoded: null,
  username: "",
};

interface DataSourceResponse {
  orgId: number;
  uid: string;
  name: string;
  type: string;
  url: string;
  access: string;
  isDefault: boolean;
  jsonData: object;
}

/** `grafana:oss/dataSource:DataSource`. Secure JSON data is never read back. */
export function dataSourceStandIn(client: GrafanaClient) {
  return resourceStandIn<DataSourceInputs>({
    inputs,
    rules: {
      name: update,
      type: update,
      uid: { change: "replace", computed: true },
      url: update,
      accessMode: update,
      isDefault: update,
      jsonDataEncoded: { change: "update", normalize: (value) => normalized(String(value)) },
    },
    outputs: ["orgId"],
    deleteBeforeReplace: true,
    secrets: ["httpHeaders", "secureJsonDataEncoded"],
    async create(given) {
      const { datasource } = await client.call<{ datasource: DataSourceResponse }>(CREATE, {
        body: command(given),
      });
      return { id: orgId(datasource.uid, datasource.orgId), state: planned(given) };
    },
    async read(id, state) {
      const found = await reading(
        "datasource",
        id,
        ifKnown(client.call<DataSourceResponse>(READ, { parameter: uidOf(id) })),
      );
      return (
        found && {
          ...state,
          orgId: String(found.orgId),
          uid: found.uid,
          name: found.name,
          type: found.type,
          url: found.url,
          accessMode: found.access,
          isDefault: found.isDefault,
          jsonDataEncoded: goJson(found.jsonData),
        }
      );
    },
    async update(id, old, given) {
      await client.call(UPDATE, { parameter: uidOf(id), body: command(given) });
      return { ...old, ...planned(given), uid: uidOf(id) };
    },
    async delete(id) {
      await reading("datasource", id, ifKnown(client.call(DELETE, { parameter: uidOf(id) })));
    },
  });
}

/** The request body for Grafana. */
function command(given: DataSourceInputs): object {
  return omitEmpty({
    access: given.accessMode,
    isDefault: given.isDefault,
    jsonData: JSON.parse(given.jsonDataEncoded || "{}") as object,
    name: given.name,
    type: given.type,
    uid: given.uid,
    url: given.url,
  });
}

function planned(given: DataSourceInputs) {
  return { ...FIXED, ...given, jsonDataEncoded: normalized(given.jsonDataEncoded) };
}

function normalized(encoded: string): string {
  return isJsonObject(encoded) ? goJson(JSON.parse(encoded)) : encoded;
}
