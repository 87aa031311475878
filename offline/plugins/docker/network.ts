import type Docker from "dockerode";
import { z } from "zod";
import { type Rule, standIn } from "../standIn.ts";
import { asking, ifPresent, whileInUse } from "./daemon.ts";
import { labelList, labelMap, labels } from "./labels.ts";

const flag = z.boolean().default(false);
const inputs = z.strictObject({
  name: z.string(),
  driver: z.string().optional(),
  internal: flag,
  attachable: flag,
  ipv6: flag,
  ipamDriver: z.string().default("default"),
  options: z.record(z.string(), z.string()).optional(),
  labels,
});

const replace: Rule = { change: "replace" };
const computed: Rule = { change: "replace", computed: true };

/** `docker:index/network:Network`. Nothing of a network can be changed in place. */
export function network(docker: Docker) {
  return standIn<z.output<typeof inputs>>({
    inputs,
    rules: {
      name: replace,
      driver: computed,
      internal: computed,
      attachable: replace,
      ipv6: replace,
      ipamDriver: replace,
      options: computed,
      labels: { change: "replace", unordered: true },
    },
    deleteBeforeReplace: true,
    outputs: ["ipamConfigs", "ipamOptions", "ingress", "scope"],
    async create(given) {
      const created = await asking(
        "Unable to create network",
        docker.createNetwork({
          Name: given.name,
          Internal: given.internal,
          Attachable: given.attachable,
          EnableIPv6: given.ipv6,
          IPAM: { Driver: given.ipamDriver },
          Labels: labelMap(given.labels),
          ...(given.driver === undefined ? {} : { Driver: given.driver }),
          ...(given.options === undefined ? {} : { Options: given.options }),
        }),
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
