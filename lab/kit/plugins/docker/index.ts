import Docker from "dockerode";
import type { StandInPlugin } from "../standIn.ts";
import { container } from "./container.ts";
import { remoteImage } from "./image.ts";
import { network } from "./network.ts";
import { volume } from "./volume.ts";

/**
 * Replaces `docker` 5.2.0. It uses a real Docker Engine: the one that `DOCKER_HOST` names, or the
 * local one.
 */
export const dockerPlugin: StandInPlugin = {
  name: "docker",
  version: "5.2.0",
  configure(config) {
    const unknown = Object.keys(config).filter((key) => key !== "version");
    if (unknown.length > 0) {
      throw new Error(
        `the offline kit's docker plugin takes no configuration, but got ${unknown.join(", ")}: ` +
          "set DOCKER_HOST instead",
      );
    }
    const engine = new Docker();
    return {
      "docker:index/container:Container": container(engine),
      "docker:index/network:Network": network(engine),
      "docker:index/remoteImage:RemoteImage": remoteImage(engine),
      "docker:index/volume:Volume": volume(engine),
    };
  },
};
