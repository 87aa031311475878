import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { check } from "./check.ts";
import { type PropertyChange, diff } from "./diff.ts";
import { fromStruct, InitializationError, serviceError, toStruct } from "./messages.ts";
import { isOwnUser } from "./ownUser.ts";
import type { StandInPlugin, Properties, ResourceStandIn } from "./standIn.ts";

/** A plugin that the engine can be attached to. */
export interface Served {
  /** On 127.0.0.1. */
  port: number;
  stop(): Promise<void>;
}

/**
 * Serves a plugin as Pulumi's `ResourceProvider`, on a free port of 127.0.0.1. The engine opens a
 * connection for each instance of the provider, so several can be configured at the same time.
 * Connections from other users' processes are closed: a plugin executes requests with this user's
 * rights on the Docker host.
 *
 * Like the bridged plugins, it does not ask for secrets: the engine removes the secret markers from
 * what it sends and marks what it receives.
 */
export async function servePlugin(plugin: StandInPlugin): Promise<Served> {
  const instances = new Map<string, Record<string, ResourceStandIn>>();
  const find = (peer: string, type: string): ResourceStandIn => {
    const standIns = instances.get(peer);
    if (standIns === undefined) {
      throw new Error(`the offline kit's ${plugin.name} plugin was used before it was configured`);
    }
    const standIn = standIns[type];
    if (standIn === undefined) {
      throw new Error(`the offline kit's ${plugin.name} plugin has no stand-in for ${type}`);
    }
    return standIn;
  };
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(ResourceProviderService, {
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(plugin.version)),
    attach: unary(() => new empty.Empty()),
    configure: unary((request: ConfigureRequest, peer) => {
      instances.set(peer, plugin.configure(fromStruct(request.getArgs())));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary((request: CheckRequest, peer) =>
      checkResponse(find(peer, request.getType()), request),
    ),
    diff: unary((request: DiffRequest, peer) =>
      diffResponse(find(peer, request.getType()), request),
    ),
    create: unary((request: CreateRequest, peer) => create(find(peer, request.getType()), request)),
    read: unary((request: ReadRequest, peer) => read(find(peer, request.getType()), request)),
    update: unary((request: UpdateRequest, peer) => update(find(peer, request.getType()), request)),
    delete: unary(async (request: DeleteRequest, peer) => {
      const state = fromStruct(request.getProperties());
      await find(peer, request.getType())
        .delete(request.getId(), state)
        .catch((error: unknown) => {
          throw new Error(bridged(`deleting ${request.getUrn()}`, error));
        });
      return new empty.Empty();
    }),
  });
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    void isOwnUser(socket).then((own) => {
      if (own && !socket.destroyed) connections.injectConnection(socket);
      else socket.destroy();
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    stop() {
      listener.close();
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function unary<Request, Response>(
  handle: (request: Request, peer: string) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void (async () => {
      try {
        callback(null, await handle(call.request, call.getPeer()));
      } catch (error) {
        callback(serviceError(error));
      }
    })();
  };
}

function checkResponse(standIn: ResourceStandIn, request: CheckRequest) {
  const { inputs, failures } = check(standIn, fromStruct(request.getNews()));
  return new messages.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(
    failures.map(({ property, reason }) => {
      return new messages.CheckFailure().setProperty(property).setReason(reason);
    }),
  );
}

function diffResponse(standIn: ResourceStandIn, request: DiffRequest) {
  const ignored = request.getIgnorechangesList();
  const changes = diff(
    standIn,
    fromStruct(request.getOlds()),
    fromStruct(request.getNews()),
  ).filter(({ property }) => !ignored.includes(property) && !ignored.includes("*"));
  const replaces = changes.filter(({ replace }) => replace);
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(changes.map(({ property }) => property))
    .setReplacesList(replaces.map(({ property }) => property))
    .setStablesList(stable(standIn, changes))
    .setDeletebeforereplace(replaces.length > 0 && standIn.deleteBeforeReplace === true)
    .setHasdetaileddiff(true);
  for (const change of changes) {
    response
      .getDetaileddiffMap()
      .set(change.property, new messages.PropertyDiff().setKind(diffKind(change)));
  }
  return response;
}

/** The properties that keep their value unless the resource is replaced. */
function stable({ rules }: ResourceStandIn, changes: PropertyChange[]): string[] {
  const changed = new Set(changes.map(({ property }) => property));
  return Object.entries(rules)
    .filter(([property, { change }]) => change === "replace" && !changed.has(property))
    .map(([property]) => property);
}

function diffKind({ kind, replace }: PropertyChange) {
  const { Kind } = messages.PropertyDiff;
  if (kind === "add") return replace ? Kind.ADD_REPLACE : Kind.ADD;
  if (kind === "delete") return replace ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replace ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

async function create(standIn: ResourceStandIn, request: CreateRequest) {
  const given = fromStruct(request.getProperties());
  if (request.getPreview()) {
    return new messages.CreateResponse().setProperties(toStruct(expected(standIn, given)));
  }
  const inputs = standIn.inputs.parse(given);
  const created = await standIn.create(inputs).catch((error: unknown) => {
    throw new Error(bridged(undefined, error));
  });
  const { id } = created;
  try {
    await standIn.initialize?.(id, inputs);
    const state = await standIn.read(id, created.state);
    if (state === undefined) throw new Error("it was gone as soon as it was made");
    return new messages.CreateResponse().setId(id).setProperties(stateStruct(standIn, id, state));
  } catch (error) {
    const state = stateStruct(standIn, id, created.state);
    throw new InitializationError(bridged(`creating ${request.getUrn()}`, error), id, state);
  }
}

/** What is known about a resource before it is created. */
function expected({ rules, outputs }: ResourceStandIn, given: Properties): Properties {
  const computed = Object.entries(rules)
    .filter(([, rule]) => rule.computed === true)
    .map(([property]) => property);
  const unknown = [...computed, ...outputs].map((property) => [property, unknownValue] as const);
  return { ...Object.fromEntries(unknown), ...given };
}

async function read(standIn: ResourceStandIn, request: ReadRequest) {
  const id = request.getId();
  const old = fromStruct(request.getProperties());
  const state = await standIn.read(id, old).catch((error: unknown) => {
    throw new Error(bridged(`refreshing ${request.getUrn()}`, error));
  });
  const response = new messages.ReadResponse();
  if (state === undefined) return response;
  const inputs = fromStruct(request.getInputs());
  const drifted = diff(standIn, state, inputs)
    .filter(({ property }) => property in inputs)
    .map(({ property }) => [property, state[property]] as const);
  return response
    .setId(id)
    .setProperties(stateStruct(standIn, id, state))
    .setInputs(toStruct({ ...inputs, ...Object.fromEntries(drifted) }));
}

async function update(standIn: ResourceStandIn, request: UpdateRequest) {
  const id = request.getId();
  const old = fromStruct(request.getOlds());
  const given = fromStruct(request.getNews());
  const planned = stateStruct(standIn, id, { ...old, ...given });
  if (request.getPreview()) return new messages.UpdateResponse().setProperties(planned);
  try {
    const state = await standIn.update(id, old, standIn.inputs.parse(given));
    return new messages.UpdateResponse().setProperties(stateStruct(standIn, id, state));
  } catch (error) {
    throw new InitializationError(bridged(`updating ${request.getUrn()}`, error), id, planned);
  }
}

function stateStruct(standIn: ResourceStandIn, id: string, state: Properties) {
  return toStruct({ ...state, id }, standIn.secrets);
}

/** An error in the format of the bridge that the real plugins share. */
function bridged(doing: string | undefined, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${doing === undefined ? "" : `${doing}: `}1 error occurred:\n\t* ${reason}\n\n`;
}
