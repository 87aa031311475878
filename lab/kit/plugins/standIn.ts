import type { z } from "zod";

/** Inputs or state of a resource, by property name, as JSON. */
export type Properties = Record<string, unknown>;

/** What happens if an input differs from the state. */
export interface DiffRule {
  /** Whether the resource is replaced or updated. */
  change: "replace" | "update";
  /** The host fills in the property, so an omitted input is not a difference. */
  computed?: true;
  /** The order of its lists has no meaning. */
  unordered?: true;
  /** Brings an input into the form that it has in the state. */
  normalize?: (input: unknown) => unknown;
  /** Whether this difference replaces the resource although `change` is `update`. */
  replaces?: (state: unknown, input: unknown) => boolean;
}

/**
 * The stand-in for one type of resource: its inputs and what is done with them. Methods never get
 * wrapped secrets or values that are not known yet.
 *
 * @typeParam Inputs - the inputs with their defaults filled in.
 */
export interface ResourceStandIn<Inputs extends Properties = Properties> {
  /** Every input that the stand-in knows. Others are rejected, not ignored. */
  inputs: z.ZodType<Inputs>;
  rules: Record<keyof Inputs & string, DiffRule>;
  /** Values that only the host knows: unknown in a preview of the creation. */
  outputs: string[];
  /** Outputs that are always secret, whatever the program says. */
  secrets?: string[];
  /** Delete the old one first: the program sets the name, so the new one may have the same name. */
  deleteBeforeReplace?: true;
  /** Creates the resource. `read` completes the state that this returns. */
  create(inputs: Inputs): Promise<{ id: string; state: Properties }>;
  /** Makes the resource work. If this fails, the resource remains, and remains in the state. */
  initialize?(id: string, inputs: Inputs): Promise<void>;
  /** The current state on the host; undefined if the resource is gone. */
  read(id: string, state: Properties): Promise<Properties | undefined>;
  /** Changes the resource in place and returns its state. */
  update(id: string, old: Properties, inputs: Inputs): Promise<Properties>;
  /** Removes the resource; succeeds if it is already gone. */
  delete(id: string, state: Properties): Promise<void>;
}

/** A provider plugin made of stand-ins. */
export interface StandInPlugin {
  /** Package name, with which its types begin: `docker`. */
  name: string;
  /** Version of the real plugin that it replaces. */
  version: string;
  /** The stand-ins by type, for one instance of the provider and its configuration. */
  configure(config: Properties): Record<string, ResourceStandIn>;
}

/** Keeps the stand-in's specific types in its definition, and erases them for the server. */
export function resourceStandIn<Inputs extends Properties>(
  definition: ResourceStandIn<Inputs>,
): ResourceStandIn {
  return definition;
}
