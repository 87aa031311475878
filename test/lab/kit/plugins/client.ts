import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import rpcStatus from "@pulumi/pulumi/proto/status_pb.js";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { fromStruct, toStruct } from "../../../../lab/kit/plugins/messages.ts";
import { servePlugin } from "../../../../lab/kit/plugins/pluginServer.ts";
import type { StandInPlugin, Properties } from "../../../../lab/kit/plugins/standIn.ts";

/** Serves a plugin and calls it over gRPC, like the engine after it has attached to the plugin. */
export async function attach(plugin: StandInPlugin, config: Properties = {}) {
  const served = await servePlugin(plugin);
  const client = new ResourceProviderClient(
    `127.0.0.1:${served.port}`,
    credentials.createInsecure(),
  );
  const stop = async () => {
    client.close();
    await served.stop();
  };
  try {
    const request = new messages.ConfigureRequest().setArgs(toStruct(config));
    await unary<ConfigureResponse>((done) => client.configure(request, done));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async check(type: string, inputs: Properties) {
      const request = new messages.CheckRequest().setType(type).setNews(toStruct(inputs));
      const response = await unary<CheckResponse>((done) => client.check(request, done));
      return {
        inputs: fromStruct(response.getInputs()),
        failures: response.getFailuresList().map((failure) => failure.toObject()),
      };
    },

    async diff(type: string, state: Properties, inputs: Properties, ignored: string[] = []) {
      const request = new messages.DiffRequest()
        .setType(type)
        .setOlds(toStruct(state))
        .setNews(toStruct(inputs))
        .setIgnorechangesList(ignored);
      const response = await unary<DiffResponse>((done) => client.diff(request, done));
      return {
        changed: response.getDiffsList(),
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },

    async create(type: string, inputs: Properties, preview = false) {
      const request = new messages.CreateRequest()
        .setType(type)
        .setUrn("urn:it")
        .setProperties(toStruct(inputs))
        .setPreview(preview);
      const response = await unary<CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), state: fromStruct(response.getProperties()) };
    },

    /** The outputs that a creation marks as secret. */
    async createdSecrets(type: string, inputs: Properties): Promise<string[]> {
      const request = new messages.CreateRequest().setType(type).setProperties(toStruct(inputs));
      const response = await unary<CreateResponse>((done) => client.create(request, done));
      return Object.entries(response.getProperties()?.toJavaScript() ?? {})
        .filter(([, value]) => (value as Properties | null)?.[specialSigKey] === specialSecretSig)
        .map(([property]) => property);
    },

    async read(type: string, id: string, state: Properties, inputs: Properties = {}) {
      const request = new messages.ReadRequest()
        .setType(type)
        .setId(id)
        .setProperties(toStruct(state))
        .setInputs(toStruct(inputs));
      const response = await unary<ReadResponse>((done) => client.read(request, done));
      return {
        id: response.getId(),
        state: fromStruct(response.getProperties()),
        inputs: fromStruct(response.getInputs()),
      };
    },

    async update(type: string, id: string, state: Properties, inputs: Properties) {
      const request = new messages.UpdateRequest()
        .setType(type)
        .setUrn("urn:it")
        .setId(id)
        .setOlds(toStruct(state))
        .setNews(toStruct(inputs));
      const response = await unary<UpdateResponse>((done) => client.update(request, done));
      return fromStruct(response.getProperties());
    },

    async delete(type: string, id: string, state: Properties = {}) {
      const request = new messages.DeleteRequest()
        .setType(type)
        .setUrn("urn:it")
        .setId(id)
        .setProperties(toStruct(state));
      await unary((done) => client.delete(request, done));
    },

    stop,
  };
}
export type Attached = Awaited<ReturnType<typeof attach>>;

/** What the engine keeps of a resource that was created but does not work, taken from the error. */
export function kept(error: unknown) {
  const [packed] = (error as ServiceError).metadata.get("grpc-status-details-bin");
  const [detail] = rpcStatus.Status.deserializeBinary(packed as Buffer).getDetailsList();
  if (detail === undefined) throw new Error("the error has no detail");
  const kept = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return {
    id: kept.getId(),
    reasons: kept.getReasonsList(),
    state: fromStruct(kept.getProperties()),
  };
}

function unary<Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}
