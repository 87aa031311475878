import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import type { Stack } from "./workspace.ts";

/** What the state says about a stack. */
export interface StackState {
  /** Whether it has resources on the Docker host. */
  isUp: boolean;
  /** Resources that a killed command had begun to create: they may or may not exist. */
  halfCreated: { urn: string; type: string; inputs: Record<string, unknown> }[];
  /** The Grafana administrator's password, once there is one. */
  password: string | undefined;
}

/** Part of the URN of each resource on the Docker host. */
export const ON_DOCKER = "docker:index/";

/** Reads a stack's state, secrets included. */
export async function readState(stack: Stack): Promise<StackState> {
  const checkpoint = checkpointOf(await stack.exportStack());
  const urns = (checkpoint?.resources ?? []).map(({ urn }) => urn);
  return {
    isUp: urns.some((urn) => urn.includes(ON_DOCKER)),
    halfCreated: (checkpoint?.pending_operations ?? [])
      .filter(({ type, resource }) => type === "creating" && !urns.includes(resource.urn))
      .map(({ resource: { urn, type, inputs } }) => ({ urn, type, inputs: inputs ?? {} })),
    password: passwordIn(checkpoint),
  };
}

/**
 * Removes the pending operations of a killed command from the state, except for the URNs in
 * `remaining`. The engine itself keeps pending operations until a user resolves them, even after a
 * later command has created the resource.
 */
export async function forgetPendingOperations(stack: Stack, remaining: string[]): Promise<void> {
  const exported = await stack.exportStack();
  const checkpoint = checkpointOf(exported);
  if (!checkpoint?.pending_operations?.length) return;
  checkpoint.pending_operations = checkpoint.pending_operations.filter(({ resource }) =>
    remaining.includes(resource.urn),
  );
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

/** The generated password, read from its resource: a killed `up` leaves no stack outputs. */
function passwordIn(checkpoint: Checkpoint | undefined): string | undefined {
  const generated = checkpoint?.resources?.find(({ urn }) => urn.endsWith("-admin-password"));
  const secret = generated?.outputs?.result as { plaintext?: string } | undefined;
  return secret?.plaintext === undefined ? undefined : (JSON.parse(secret.plaintext) as string);
}
