import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { logText } from "../../../../tools/dockerLog.ts";
import { resourceStandIn } from "../standIn.ts";
import { type ContainerInputs, containerInputs, containerRules } from "./containerInputs.ts";
import { bytes, containerSpec } from "./containerSpec.ts";
import {
  containerOutputs,
  plannedState,
  containerStateOf,
  stateOfInputs,
} from "./containerState.ts";
import { asking, daemonMessage, ifPresent, statusCode } from "./daemon.ts";
import { findImage } from "./image.ts";
import { upload } from "./upload.ts";

/** `docker:index/container:Container`. */
export function container(docker: Docker) {
  return resourceStandIn<ContainerInputs>({
    inputs: containerInputs,
    rules: containerRules,
    outputs: containerOutputs,
    deleteBeforeReplace: true,
    async create(inputs) {
      await asking(
        `Unable to create container with image ${inputs.image}`,
        findImage(docker, inputs.image),
      );
      const { id } = await asking(
        "Unable to create container",
        docker.createContainer(containerSpec(inputs)),
      );
      return { id, state: plannedState(inputs) };
    },
    async initialize(id, inputs) {
      const created = docker.getContainer(id);
      await connect(docker, id, inputs.networksAdvanced);
      for (const file of inputs.uploads) await upload(created, file);
      if (inputs.start) {
        await asking("Unable to start container", created.start());
        if (inputs.wait) await healthy(created, inputs.waitTimeout);
      }
      if (inputs.attach) await created.wait();
    },
    async read(id, state) {
      const found = await ifPresent(docker.getContainer(id).inspect());
      if (found === undefined) return undefined;
      const logs = state.attach === true && state.logs === true && !found.State.Running;
      return {
        ...containerStateOf(found, state),
        ...(logs && {
          containerLogs: logText(
            await docker.getContainer(id).logs({ stdout: true, stderr: true }),
          ),
        }),
      };
    },
    async update(id, old, inputs) {
      const existing = docker.getContainer(id);
      if (old.mustRun === false && inputs.mustRun && inputs.start) {
        await asking("Unable to start container", existing.start().catch(alreadyDone));
      }
      const changed = (["restart", "memory", "memorySwap"] as const).some(
        (property) => old[property] !== inputs[property],
      );
      if (changed) await asking("Unable to update a container", existing.update(limits(inputs)));
      return { ...old, ...stateOfInputs(inputs) };
    },
    async delete(id, state) {
      const existing = docker.getContainer(id);
      if (state.attach !== true) {
        await asking(`Error stopping container ${id}`, existing.stop({ t: 0 }).catch(alreadyDone));
      }
      const options = { v: state.removeVolumes === true, force: true };
      await asking(`Error deleting container ${id}`, existing.remove(options).catch(alreadyDone));
      await ifPresent(existing.wait({ condition: "removed" }));
    },
  });
}

async function connect(
  docker: Docker,
  id: string,
  networks: ContainerInputs["networksAdvanced"],
): Promise<void> {
  if (networks.length === 0) return;
  try {
    await docker.getNetwork("bridge").disconnect({ Container: id });
  } catch (error) {
    const message = daemonMessage(error);
    if (!message.includes("is not connected to")) {
      throw new Error(`Unable to disconnect the default network: ${message}`, { cause: error });
    }
  }
  for (const { name, aliases } of networks) {
    await asking(
      `Unable to connect to network '${name}'`,
      docker.getNetwork(name).connect({
        Container: id,
        EndpointConfig: { Aliases: aliases },
      }),
    );
  }
}

/** Waits until the health check succeeds. If it does not, the container stays as it is. */
async function healthy(started: Docker.Container, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const { State: status } = await asking("error inspecting container state", started.inspect());
    if (status.Health === undefined) {
      throw new Error(
        "you have supplied a 'wait' argument, but the container does not have a healthcheck " +
          "defined. Please remove the 'wait' argument or add a 'healthcheck' attribute",
      );
    }
    if (status.Health.Status === "healthy") return;
    await setTimeout(250);
  }
  throw new Error("container failed to be in healthy state");
}

/** An update must contain all limits. */
function limits({ restart, memory, memorySwap }: ContainerInputs) {
  return {
    RestartPolicy: { Name: restart, MaximumRetryCount: 0 },
    Memory: bytes(memory),
    MemorySwap: bytes(memorySwap),
  };
}

/** Ignores Docker's errors for a container already gone, being removed, stopped or started. */
function alreadyDone(error: unknown): void {
  if (statusCode(error) === 404 || statusCode(error) === 304) return;
  if (daemonMessage(error).includes("is already in progress")) return;
  throw error;
}
