import type Docker from "dockerode";
import { z } from "zod";
import { resourceStandIn } from "../standIn.ts";
import { asking, ifPresent, whileInUse } from "./daemon.ts";
import { labelList } from "./labels.ts";

const inputs = z.strictObject({
  name: z.string(),
  ipamDriver: z.string().default("default"),
});

/** `docker:index/network:Network`. A network cannot be changed in place. */
export function network(docker: Docker) {
  return resourceStandIn<z.output<typeof inputs>>({
    inputs,
    rules: { name: { change: "replace" }, ipamDriver: { change: "replace" } },
    deleteBeforeReplace: true,
    outputs: [
      ...["attachable", "driver", "ingress", "internal", "ipamConfigs", "ipamOptions"],
      ...["ipv6", "labels", "options", "scope"],
    ],
    async create(given) {
      const created = await asking(
        "Unable to create network",
        docker.createNetwork({ Name: given.name, IPAM: { Driver: given.ipamDriver } }),
      );
      return { id: created.id, state: given };
    },
    async read(id) {
      const found = await ifPresent<Inspected>(docker.getNetwork(id).inspect());
      return found && state(found);
    },
    update: (_id, old) => Promise.resolve(old),
    delete: (id) => whileInUse(/has active endpoints/, () => docker.getNetwork(id).remove()),
  });
}

type Inspected = Docker.NetworkInspectInfo;

function state(found: Inspected) {
  return {
    name: found.Name,
    driver: found.Driver,
    internal: found.Internal,
    attachable: found.Attachable,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    ipamDriver: found.IPAM?.Driver ?? "",
    ipamOptions: found.IPAM?.Options ?? {},
    ipamConfigs: (found.IPAM?.Config ?? []).map((config) => ({
      subnet: config.Subnet ?? "",
      gateway: config.Gateway ?? "",
      ipRange: config.IPRange ?? "",
      auxAddress: {},
    })),
    options: found.Options ?? {},
    labels: labelList(found.Labels),
    scope: found.Scope,
  };
}
