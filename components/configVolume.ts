import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { confinement } from "./container.ts";
import { containerLabels, type Deployment, objectName } from "./deployment.ts";

/** What a `ConfigVolume` holds, and for whom. */
export interface ConfigVolumeArgs {
  deployment: Deployment;
  /** Last part of the name on the Docker host. */
  part: string;
  /** Id of the reader's image, which is on the host anyway. */
  image: pulumi.Input<string>;
  /** Folder at which the reader mounts the volume. */
  folder: string;
  /** Content by path in the folder. Any user can read the files, since the reader is not root. */
  files: Record<string, pulumi.Input<string>>;
}

/**
 * Files for a container, kept in a volume of their own. A second container of the reader's image,
 * which never starts, carries them there. When a file changes, only that container is replaced:
 * the reader goes on and finds the new file in place. This works where bind mounts and uploads
 * into the reader do not: on a remote Docker host, and with a read-only root file system.
 *
 * The reader must depend on the whole component, not on the volume's name alone, or it could start
 * before its files are there. A file that is no longer listed stays in the volume: the reader must
 * name each file that it reads.
 */
export class ConfigVolume extends pulumi.ComponentResource {
  /** Name of the volume on the Docker host. */
  readonly volumeName: pulumi.Output<string>;

  constructor(name: string, args: ConfigVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:ConfigVolume", name, {}, opts);
    const physicalName = objectName(args.deployment, args.part);
    const volume = new docker.Volume(name, { name: physicalName }, { parent: this });
    new docker.Container(
      `${name}-holder`,
      {
        ...confinement("65534:65534", 16),
        name: physicalName,
        labels: containerLabels(args.deployment, args.part),
        image: args.image,
        start: false,
        mustRun: false,
        networkMode: "none",
        volumes: [{ volumeName: volume.name, containerPath: args.folder }],
        uploads: Object.entries(args.files).map(([file, content]) => ({
          file: `${args.folder}/${file}`,
          content,
          permissions: "0444",
        })),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.volumeName = volume.name;
    this.registerOutputs({ volumeName: this.volumeName });
  }
}
