import { setTimeout as sleep } from "node:timers/promises";
import { createFleet } from "../simulator/fleet.ts";
import { serveFleet } from "../simulator/metricsServer.ts";
import { freePort } from "../../tools/freePort.ts";
import { DRILLS, type Action, type Drill, type DrillName } from "./faults.ts";
import { type FleetMonitoring, startMonitoring } from "./fleetMonitoring.ts";

/** The outcome of a drill. Times are in seconds since the fault began, or since its repair. */
export interface DrillOutcome {
  drill: DrillName;
  expected: string | undefined;
  notifiedAfter: number | undefined;
  resolvedAfter: number | undefined;
  /** Alerts that this fault does not explain. */
  others: string[];
}

/** Factor that shortens windows and waiting times: five minutes become 15 s. */
export const TIME_SCALE = 1 / 20;

/** Runs a drill; `say` gets its progress. */
export async function runDrill(
  name: DrillName,
  say: (line: string) => void,
): Promise<DrillOutcome> {
  const drill: Drill = DRILLS[name];
  const { servers, speed = 1 } = drill;
  const fleet = createFleet({ seed: 6, servers, epoch: Date.now() / 1000, remember: 0 });
  const ports = Object.fromEntries(
    await Promise.all(servers.map(async (server) => [server.name, await freePort()] as const)),
  );
  const serving = await serveFleet(fleet, { port: ports, speed });
  const addresses = servers.map((server) => `127.0.0.1:${ports[server.name] ?? 0}`);
  try {
    const monitoring = await startMonitoring(TIME_SCALE, addresses);
    try {
      say(
        `Prometheus: ${monitoring.prometheusUrl}/alerts   Alertmanager: ${monitoring.alertmanagerUrl}`,
      );
      return await conduct(name, drill, monitoring, say, (action) => {
        if (action.do === "wait") return sleep(action.seconds * 1000);
        if (action.do === "remove from the targets") return monitoring.scrape(addresses.slice(1));
        if (action.do === "put back") return monitoring.scrape(addresses);
        fleet.apply(servers[0]?.name ?? "", action);
        return Promise.resolve();
      });
    } finally {
      await monitoring.stop();
    }
  } finally {
    await serving.stop();
  }
}

/** Default seconds without a fault at the start; no alert may fire during them. */
const HEALTH = 25;
/** Seconds within which an alert must fire, and resolve; the longest window is 180 s. */
const PATIENCE = 240;
/** Seconds to wait in a drill where no alert may fire. */
const SILENCE = 60;

async function conduct(
  name: DrillName,
  drill: Drill,
  { notified }: FleetMonitoring,
  say: (line: string) => void,
  act: (action: Action) => Promise<void>,
): Promise<DrillOutcome> {
  const { expected, also = [], every, health = HEALTH } = drill;
  const all = async (actions: readonly Action[]) => {
    for (const action of actions) await act(action);
  };
  say(`No fault for ${health} s.`);
  await sleep(health * 1000);
  const early = notified.map((alert) => alert.name);

  say(`The fault: ${drill.what}.`);
  const began = Date.now();
  await all(drill.fault);
  const again =
    every === undefined
      ? undefined
      : setInterval(() => {
          void all(drill.fault);
        }, every * 1000);
  const heard = async (status: "firing" | "resolved", since: number) => {
    const find = () =>
      notified.find((one) => one.name === expected && one.status === status && one.at >= since);
    while (Date.now() - since < PATIENCE * 1000) {
      const found = find();
      if (found) return (found.at - since) / 1000;
      await sleep(200);
    }
    return undefined;
  };
  let notifiedAfter: number | undefined;
  if (expected === undefined) await sleep(SILENCE * 1000);
  else notifiedAfter = await heard("firing", began);
  clearInterval(again);
  if (notifiedAfter !== undefined)
    say(`${expected ?? ""} arrived after ${notifiedAfter.toFixed(1)} s.`);

  say("The fault is repaired.");
  const repaired = Date.now();
  await all(drill.repair);
  const resolvedAfter = notifiedAfter === undefined ? undefined : await heard("resolved", repaired);
  if (resolvedAfter !== undefined) say(`It was resolved after ${resolvedAfter.toFixed(1)} s.`);
  const explained = new Set<string>([expected ?? "", ...also]);
  const others = notified.map((alert) => alert.name).filter((one) => !explained.has(one));
  return {
    ...{ drill: name, expected, notifiedAfter, resolvedAfter },
    others: [...new Set([...early, ...others])],
  };
}
