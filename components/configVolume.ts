import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { confinement, UNPRIVILEGED_USER } from "./container.ts";
import { containerLabels, type Deployment, objectName } from "./deployment.ts";

/** The files of a config volume and the container that reads them. */
export interface ConfigVolumeArgs {
  deployment: Deployment;
  /** Last part of the name on the Docker host. */
  part: string;
  /** Id of the reader's image, which is already on the host. */
  image: pulumi.Input<string>;
  /** Folder at which the reader mounts the volume. */
  folder: string;
  /** Content by path in the folder. Any user can read the files, since the reader is not root. */
  files: Record<string, pulumi.Input<string>>;
}

/** The volume, and the container that puts its files in place. */
export interface ConfigVolume {
  /** Name of the volume on the Docker host. */
  volumeName: pulumi.Output<string>;
  holder: docker.Container;
}

/**
 * Files for a container, in a volume of their own. A second container of the reader's image, which
 * never starts, uploads them. When a file changes, only that container is replaced: the reader keeps
 * running and has the new file. This works where bind mounts and uploads into the reader do not: on a
 * remote Docker host, and with a read-only root file system.
 *
 * The reader must depend on `holder`, not only on the volume's name, or it could start before its
 * files exist. A file that is no longer listed stays in the volume: the reader must name each file
 * that it reads.
 */
export function configVolume(
  name: string,
  args: ConfigVolumeArgs,
  opts: pulumi.CustomResourceOptions,
): ConfigVolume {
  const physicalName = objectName(args.deployment, args.part);
  const volumeName = new docker.Volume(name, { name: physicalName }, opts).name;
  const holder = new docker.Container(
    `${name}-holder`,
    {
      ...confinement(UNPRIVILEGED_USER, 16),
      name: physicalName,
      labels: containerLabels(args.deployment, args.part),
      image: args.image,
      start: false,
      mustRun: false,
      networkMode: "none",
      volumes: [{ volumeName, containerPath: args.folder }],
      uploads: Object.entries(args.files).map(([file, content]) => ({
        file: `${args.folder}/${file}`,
        content,
        permissions: "0444",
      })),
    },
    { ...opts, deleteBeforeReplace: true },
  );
  return { volumeName, holder };
}

/** Files for a config volume whose contents are stored as secrets in the state. */
export function secretFiles(files: Record<string, string>): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file, pulumi.secret(content)]),
  );
}
