import { setTimeout as sleep } from "node:timers/promises";
import { dockerClient } from "../../cli/stack/containers.ts";
import { receiveWebhooks, type Webhooks } from "../../lab/drills/webhooks.ts";

/** A receiver of webhooks that containers reach. */
export interface ReachedWebhooks extends Webhooks {
  /** Its URL as containers see it, which reach this machine by the name `host.docker.internal`. */
  urlFromContainers: string;
}

/**
 * Receives Alertmanager's messages on Docker's bridge, since containers cannot reach the loopback
 * address, and on nothing else that the outside could reach.
 */
export async function receiveFromContainers(): Promise<ReachedWebhooks> {
  const webhooks = await receiveWebhooks(await bridgeAddress());
  return { ...webhooks, urlFromContainers: `http://host.docker.internal:${webhooks.port}/` };
}

/** Waits up to `seconds` for something to be there, and answers with it. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => T | Promise<T>,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${seconds} s.`);
    await sleep(200);
  }
}

/** This machine's address on Docker's default bridge, which `host.docker.internal` is. */
export async function bridgeAddress(): Promise<string> {
  const { IPAM } = await dockerClient().getNetwork("bridge").inspect();
  const { Gateway, Subnet = "" } = IPAM?.Config?.[0] ?? {};
  return Gateway ?? Subnet.replace(/\d+\/\d+$/, "1");
}
