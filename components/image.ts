import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** Id of an image with an exact tag, pulled where the host lacks it, and left there in the end. */
export function imageId(
  name: string,
  image: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new docker.RemoteImage(name, { name: image, keepLocally: true }, opts).imageId;
}
