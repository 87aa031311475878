import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import type { Stack } from "./workspace.ts";

/** What the engine remembers of a stack. */
export interface StackState {
  /** Whether anything of it was made on the Docker host. */
  isUp: boolean;
  /** What a killed command had begun to create: it may be there or not. */
  halfMade: { type: string; inputs: Record<string, unknown> }[];
  /** The Grafana administrator's password, once there is one. */
  password: string | undefined;
}

/** Part of the URN of everything on the Docker host. */
export const ON_DOCKER = "docker:index/";

/** Reads a stack's state, secrets included. */
export async function readState(stack: Stack): Promise<StackState> {
  const checkpoint = checkpointOf(await stack.exportStack());
  const urns = (checkpoint?.resources ?? []).map(({ urn }) => urn);
  return {
    isUp: urns.some((urn) => urn.includes(ON_DOCKER)),
    halfMade: (checkpoint?.pending_operations ?? [])
      .filter(({ type, resource }) => type === "creating" && !urns.includes(resource.urn))
      .map(({ resource: { type, inputs } }) => ({ type, inputs: inputs ?? {} })),
    password: passwordIn(checkpoint),
  };
}

/**
 * Makes the state forget what a killed command was at. The engine itself keeps that until it is
 * told what became of it, also when a later command has made the resource.
 */
export async function forgetPendingOperations(stack: Stack): Promise<void> {
  const exported = await stack.exportStack();
  const checkpoint = checkpointOf(exported);
  if (checkpoint?.pending_operations === undefined) return;
  delete checkpoint.pending_operations;
  await stack.importStack(exported);
}

/** The part of the engine's checkpoint that is used here. */
interface Checkpoint {
  resources?: { urn: string; outputs?: Record<string, unknown> }[];
  pending_operations?: {
    type: string;
    resource: { urn: string; type: string; inputs?: Record<string, unknown> };
  }[];
}

/** The checkpoint of an exported stack; a new stack has none. */
function checkpointOf(exported: Deployment): Checkpoint | undefined {
  return (exported.deployment ?? undefined) as Checkpoint | undefined;
}

/** The generated password, taken from its resource: a killed `up` has left no stack outputs. */
function passwordIn(checkpoint: Checkpoint | undefined): string | undefined {
  const generated = checkpoint?.resources?.find(({ urn }) => urn.endsWith("-admin-password"));
  const secret = generated?.outputs?.result as { plaintext?: string } | undefined;
  return secret?.plaintext === undefined ? undefined : (JSON.parse(secret.plaintext) as string);
}
