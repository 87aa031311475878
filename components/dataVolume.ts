import * as docker from "@pulumi/docker";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * A volume whose data must survive every change of the stack except its destruction. Docker volumes
 * cannot be changed: even for a new label, the provider replaces the volume and deletes its data.
 * Therefore only the name is set, and later changes of the inputs are ignored.
 */
export function dataVolume(
  name: string,
  physicalName: string,
  opts: CustomResourceOptions,
): docker.Volume {
  return new docker.Volume(
    name,
    { name: physicalName },
    { ...opts, ignoreChanges: ["name", "driver", "driverOpts", "labels"] },
  );
}
