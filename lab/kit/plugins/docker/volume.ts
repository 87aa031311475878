import type Docker from "dockerode";
import { z } from "zod";
import { resourceStandIn } from "../standIn.ts";
import { asking, ifPresent, whileInUse } from "./daemon.ts";
import { labelList, labelMap, labels } from "./labels.ts";

const inputs = z.strictObject({ name: z.string(), labels });

/**
 * `docker:index/volume:Volume`. A volume cannot be changed in place: even a changed label replaces
 * it, and its data is lost. A volume that already exists is adopted with its data.
 */
export function volume(docker: Docker) {
  return resourceStandIn<z.output<typeof inputs>>({
    inputs,
    rules: {
      name: { change: "replace" },
      labels: { change: "replace", unordered: true },
    },
    deleteBeforeReplace: true,
    outputs: ["driver", "driverOpts", "mountpoint"],
    async create(given) {
      await asking(
        "Unable to create volume",
        docker.createVolume({ Name: given.name, Labels: labelMap(given.labels) }),
      );
      return { id: given.name, state: given };
    },
    async read(id) {
      const found = await ifPresent(docker.getVolume(id).inspect());
      return (
        found && {
          name: found.Name,
          driver: found.Driver,
          driverOpts: found.Options ?? {},
          labels: labelList(found.Labels),
          mountpoint: found.Mountpoint,
          cluster: null,
        }
      );
    },
    update: (_id, old) => Promise.resolve(old),
    delete: (id) =>
      whileInUse(/volume is in use/, () => docker.getVolume(id).remove({ force: true })),
  });
}
