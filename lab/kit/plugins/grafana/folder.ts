import { z } from "zod";
import { resourceStandIn } from "../standIn.ts";
import { type GrafanaClient, ifKnown, type ApiOperation } from "./client.ts";
import { orgId, reading, uidOf } from "./ids.ts";
import { omitEmpty } from "./json.ts";

const CREATE: ApiOperation = { name: "createFolder", method: "POST", path: "/folders" };
const READ: ApiOperation = { name: "getFolderByUid", method: "GET", path: "/folders/{folder_uid}" };
const UPDATE: ApiOperation = { name: "updateFolder", method: "PUT", path: "/folders/{folder_uid}" };
const DELETE: ApiOperation = {
  name: "deleteFolder",
  method: "DELETE",
  path: "/folders/{folder_uid}",
};

const inputs = z.strictObject({
  title: z.string().min(1),
  uid: z
    .string()
    .regex(/^[a-zA-Z0-9\-_]+$/, { error: "can only be alphanumeric, dashes, or underscores" })
    .optional(),
});

interface FolderResponse {
  uid: string;
  title: string;
  url: string;
  parentUid?: string;
}

/** `grafana:oss/folder:Folder`, not nested in another. */
export function folderStandIn(client: GrafanaClient) {
  const read = async (id: string) => {
    const found = await reading(
      "folder",
      id,
      ifKnown(client.call<FolderResponse>(READ, { parameter: uidOf(id) })),
    );
    return (
      found && {
        orgId: "1",
        title: found.title,
        uid: found.uid,
        url: client.address(found.url),
        parentFolderUid: found.parentUid ?? "",
        preventDestroyIfNotEmpty: false,
      }
    );
  };
  return resourceStandIn<z.output<typeof inputs>>({
    inputs,
    rules: { title: { change: "update" }, uid: { change: "replace", computed: true } },
    outputs: ["orgId", "url"],
    async create(given) {
      try {
        const { uid } = await client.call<FolderResponse>(CREATE, { body: omitEmpty(given) });
        return { id: orgId(uid), state: given };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`failed to create folder: ${reason}`, { cause: error });
      }
    },
    read,
    async update(id, old, { title }) {
      const parameter = uidOf(id);
      await client.call(READ, { parameter });
      await client.call(UPDATE, { parameter, body: { overwrite: true, title } });
      return { ...old, ...(await read(id)) };
    },
    async delete(id) {
      const query = "?forceDeleteRules=true";
      await reading("folder", id, ifKnown(client.call(DELETE, { parameter: uidOf(id), query })));
    },
  });
}
