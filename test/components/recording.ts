import { setTimeout as sleep } from "node:timers/promises";
import { runtime } from "@pulumi/pulumi";

/** A resource as the engine would be asked to make it. */
export interface Registration {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Names of the resources that had been made by then. */
  after: string[];
}

/**
 * Replaces the engine by a mock that records what is registered; the answer fills up with each
 * registration. Mocks see inputs and order only: neither parents nor options such as ignoreChanges, which
 * the tests on a real engine prove.
 */
export async function recordRegistrations(project: string, stack: string): Promise<Registration[]> {
  const recorded: Registration[] = [];
  const made: string[] = [];
  await runtime.setMocks(
    {
      call: ({ token }) => {
        throw new Error(`No function of a provider is called here, but ${token} was.`);
      },
      newResource: async ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown>;
        if (!type.startsWith("vllm-observability:")) {
          recorded.push({ type, name, inputs: given, after: [...made] });
          // Whatever does not wait for this one is asked for meanwhile.
          await sleep(5);
          made.push(name);
        }
        return { id: `${name}-id`, state: { ...given, ...COMPUTED[type]?.(name) } };
      },
    },
    project,
    stack,
  );
  return recorded;
}

/** Outputs that a provider computes and that other resources use. */
const COMPUTED: Record<string, (name: string) => Record<string, unknown>> = {
  "docker:index/remoteImage:RemoteImage": () => ({ imageId: "sha256:image" }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: `${name}'s value` }),
};
