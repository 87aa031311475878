import { setTimeout as sleep } from "node:timers/promises";
import { dockerClient } from "../../cli/stack/containers.ts";
import { receiveWebhooks, type Webhooks } from "../../lab/drills/webhooks.ts";

/** A webhook receiver that containers can reach. */
export interface ReachedWebhooks extends Webhooks {
  /** Its URL for containers, which reach this machine by the name `host.docker.internal`. */
  urlFromContainers: string;
}

/**
 * Receives Alertmanager's messages on the address of Docker's bridge, since containers cannot reach the
 * loopback address. It listens on no address that other machines could reach.
 */
export async function receiveFromContainers(): Promise<ReachedWebhooks> {
  const webhooks = await receiveWebhooks(await bridgeAddress());
  return { ...webhooks, urlFromContainers: `http://host.docker.internal:${webhooks.port}/` };
}

/** Waits up to `seconds` until `look` returns something, and returns it. */
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

/** This machine's address on Docker's default bridge, to which `host.docker.internal` resolves. */
export async function bridgeAddress(): Promise<string> {
  const { IPAM } = await dockerClient().getNetwork("bridge").inspect();
  const { Gateway, Subnet = "" } = IPAM?.Config?.[0] ?? {};
  return Gateway ?? Subnet.replace(/\d+\/\d+$/, "1");
}
