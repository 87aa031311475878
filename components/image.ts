import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** Id of an image with an exact tag. It is pulled where the host lacks it, and never removed. */
export function imageId(
  name: string,
  image: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new docker.RemoteImage(name, { name: image, keepLocally: true }, opts).imageId;
}
