import { setTimeout as sleep } from "node:timers/promises";
import { runtime } from "@pulumi/pulumi";

/** A resource as registered with the engine. */
export interface Registration {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Names of the resources that existed by then. */
  after: string[];
}

/**
 * Replaces the engine with a mock that records registrations. Each registration is added to the returned
 * list. Mocks see only inputs and order. Parents and options such as ignoreChanges are covered by the
 * tests on a real engine.
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
          // Resources that do not depend on this one register in the meantime.
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
