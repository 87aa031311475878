import * as docker from "@pulumi/docker";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * A volume whose data must outlive every change of the stack but its destruction. Docker volumes
 * cannot be changed, so the provider replaces one, and deletes the data, for as little as a new
 * label. Therefore nothing but the name is set, and whatever the inputs become later is ignored.
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
