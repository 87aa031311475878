import type Docker from "dockerode";
import { z } from "zod";
import { resourceStandIn } from "../standIn.ts";
import { asking, daemonMessage, ifPresent } from "./daemon.ts";

const inputs = z.strictObject({
  name: z.string(),
  keepLocally: z.boolean().default(false),
});

/** Properties of the state for which the stand-in has no input. */
const FIXED = { build: null, forceRemove: false, platform: null, pullTriggers: [], triggers: null };

/** `docker:index/remoteImage:RemoteImage`. No registry is contacted for a tag that exists locally. */
export function remoteImage(docker: Docker) {
  const read = async (name: string) => {
    const found = await ifPresent(docker.getImage(name).inspect());
    return (
      found && {
        imageId: found.Id,
        repoDigest: repoDigest(name, found.RepoDigests),
      }
    );
  };
  return resourceStandIn<z.output<typeof inputs>>({
    inputs,
    rules: {
      name: { change: "replace" },
      keepLocally: { change: "update" },
    },
    outputs: ["imageId", "repoDigest"],
    async create(given) {
      const found = await asking(
        "Unable to read Docker image into resource",
        findImage(docker, given.name),
      );
      return { id: found.Id + given.name, state: { ...FIXED, ...given } };
    },
    async read(_id, state) {
      const found = await read(state.name as string);
      return found && { ...state, ...found };
    },
    update: (_id, old, given) => Promise.resolve({ ...old, ...given }),
    async delete(_id, state) {
      if (state.keepLocally === true) return;
      await asking(
        "Unable to remove Docker image",
        ifPresent(docker.getImage(state.name as string).remove()),
      );
    },
  });
}

/** The image with that name or id; pulled if it does not exist locally. */
export async function findImage(docker: Docker, name: string): Promise<Docker.ImageInspectInfo> {
  const found = await ifPresent(docker.getImage(name).inspect());
  if (found !== undefined) return found;
  try {
    const progress = await docker.pull(name);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error: Error | null) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    return await docker.getImage(name).inspect();
  } catch (error) {
    throw new Error(
      `unable to pull image ${name}: error pulling image ${name}: ${daemonMessage(error)}`,
      { cause: error },
    );
  }
}

function repoDigest(name: string, digests: string[] | undefined): string {
  const repository = name.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  return digests?.find((digest) => digest.startsWith(`${repository}@`)) ?? "";
}
