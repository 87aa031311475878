import type { z } from "zod";

/** Inputs or state of a resource, by property name, as JSON. */
export type Properties = Record<string, unknown>;

/** What follows when an input differs from the state. */
export interface DiffRule {
  /** Whether the resource is replaced or updated. */
  change: "replace" | "update";
  /** The host fills the property in, so that an input left out is no difference. */
  computed?: true;
  /** The order of its lists has no meaning. */
  unordered?: true;
  /** Brings an input into the form that it has in the state. */
  normalize?: (input: unknown) => unknown;
  /** Whether this difference replaces the resource although `change` is `update`. */
  replaces?: (state: unknown, input: unknown) => boolean;
}

/**
 * The stand-in for one type of resource: what its inputs are and what becomes of them. No method
 * ever meets a secret's wrapping or a value that is not known yet.
 *
 * @typeParam Inputs - the inputs with their defaults filled in.
 */
export interface ResourceStandIn<Inputs extends Properties = Properties> {
  /** Every input that the stand-in knows. Others are refused rather than ignored. */
  inputs: z.ZodType<Inputs>;
  rules: Record<keyof Inputs & string, DiffRule>;
  /** What only the host knows: unknown in a preview of the creation. */
  outputs: string[];
  /** Outputs that are secret whatever the program says. */
  secrets?: string[];
  /** The old one must go first, since the new one may take its name, which the program gives. */
  deleteBeforeReplace?: true;
  /** Makes the resource. The state that it returns is completed by `read`. */
  create(inputs: Inputs): Promise<{ id: string; state: Properties }>;
  /** Brings it to work. When this fails, the resource stays, and stays in the state. */
  initialize?(id: string, inputs: Inputs): Promise<void>;
  /** The state as the host has it now; nothing when it is gone. */
  read(id: string, state: Properties): Promise<Properties | undefined>;
  /** Changes it in place and returns its state. */
  update(id: string, old: Properties, inputs: Inputs): Promise<Properties>;
  /** Removes it; succeeds when it is already gone. */
  delete(id: string, state: Properties): Promise<void>;
}

/** A provider plugin made of stand-ins. */
export interface StandInPlugin {
  /** Package name, as the types begin: `docker`. */
  name: string;
  /** Version of the real plugin whose place it takes. */
  version: string;
  /** The stand-ins by type, for one instance of the provider and its configuration. */
  configure(config: Properties): Record<string, ResourceStandIn>;
}

/** Keeps a stand-in's own types in its definition, and forgets them for the server. */
export function resourceStandIn<Inputs extends Properties>(
  definition: ResourceStandIn<Inputs>,
): ResourceStandIn {
  return definition;
}
