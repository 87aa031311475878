import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import rpcStatus from "@pulumi/pulumi/proto/status_pb.js";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "./standIn.ts";

/** Properties in the wire format; those named in `secrets` are marked as secret. */
export function toStruct(properties: Properties, secrets: string[] = []): Struct {
  const marked = Object.entries(properties).map(([key, value]) => [
    key,
    secrets.includes(key) ? { [specialSigKey]: specialSecretSig, value: value ?? null } : value,
  ]);
  // Through JSON, because Struct has no undefined.
  return struct.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(Object.fromEntries(marked))) as Parameters<
      typeof struct.Struct.fromJavaScript
    >[0],
  );
}

/** Properties from the wire format, with secrets unwrapped. */
export function fromStruct(properties: Struct | undefined): Properties {
  return unwrap(properties?.toJavaScript() ?? {}) as Properties;
}

/** A resource was created but does not work: the engine keeps it in the state. */
export class InitializationError extends Error {
  readonly id: string;
  /** The known properties of the resource. */
  readonly state: Struct;

  constructor(message: string, id: string, state: Struct) {
    super(message);
    this.id = id;
    this.state = state;
  }
}

/** An error as the engine gets it from the real plugins. */
export function serviceError(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof InitializationError) {
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(error.state);
    detail.setReasonsList([message]);
    const packed = new any.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const details = new rpcStatus.Status();
    details.setCode(status.UNKNOWN);
    details.setMessage(message);
    details.addDetails(packed);
    metadata.add("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  }
  return Object.assign(new Error(message), { code: status.UNKNOWN, details: message, metadata });
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (object[specialSigKey] === specialSecretSig) return unwrap(object.value);
  // "__defaults" and similar keys are internal to the bridge.
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, inner]) => [key, unwrap(inner)]),
  );
}
