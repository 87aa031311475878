import type { Stack } from "./workspace.ts";

/** What the engine remembers of a stack. */
export interface StackState {
  /** URNs of all resources. */
  urns: string[];
  /** What the last command had begun to create when it was killed. */
  halfMade: { type: string; inputs: Record<string, unknown> }[];
  /** The Grafana administrator's password, once there is one. */
  password: string | undefined;
}

/** Reads a stack's state, secrets included. */
export async function readState(stack: Stack): Promise<StackState> {
  const { deployment } = (await stack.exportStack()) as { deployment: Deployment | null };
  const password = (await stack.outputs()).grafanaPassword?.value as string | undefined;
  return {
    urns: (deployment?.resources ?? []).map(({ urn }) => urn),
    halfMade: (deployment?.pending_operations ?? [])
      .filter(({ type }) => type === "creating")
      .map(({ resource: { type, inputs } }) => ({ type, inputs: inputs ?? {} })),
    password,
  };
}

/** The part of the engine's checkpoint that is read here. */
interface Deployment {
  resources?: { urn: string }[];
  pending_operations?: {
    type: string;
    resource: { type: string; inputs?: Record<string, unknown> };
  }[];
}
