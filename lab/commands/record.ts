import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { record } from "../incidents/record.ts";
import { SCENARIOS } from "../incidents/scenarios.ts";
import { killAllServers } from "../incidents/vllmServer.ts";
import { CORPUS, totalsOf, writeIncident } from "../incidents/timeline.ts";
import { Failure } from "../../tools/failure.ts";
import { freePort } from "../../tools/freePort.ts";
import { cacheDir } from "../../tools/cache.ts";
import { report } from "../../tools/report.ts";
import { ensureVllm, VLLM_VERSION, vllmVersion } from "../incidents/vllmInstallation.ts";

export interface RecordCommand {
  /** The name of a scenario, or `all`. */
  scenario?: string;
  /** A Python that has vLLM installed; by default one is installed into the cache. */
  python?: string;
  /** Folder for the recordings; by default they replace those of the project. */
  out?: string;
}

/**
 * Records incidents of a real vLLM server for CPU; clients on this machine send requests to it.
 */
export async function recordIncidents(options: RecordCommand): Promise<void> {
  const names = scenariosCalled(options.scenario);
  const python = options.python ?? (await ensureVllm(report));
  const vllm = await vllmVersion(python);
  const interrupted = interruption();
  const logs = join(cacheDir(), "incident-logs");
  mkdirSync(logs, { recursive: true });
  for (const scenario of names) {
    const log = join(logs, `${scenario}-${vllm}.log`);
    const name = nameOf(scenario, vllm);
    const incident = await report.step(`${scenario}, on vLLM ${vllm}`, async (update) =>
      record({
        ...{ scenario, name, python, vllm, log, signal: interrupted },
        port: await freePort(),
        say: (line) => {
          report.say(line);
          update(line.trim());
        },
      }).catch((error: unknown) => {
        throw interrupted.aborted
          ? new Failure("The recording was interrupted; its server has ended.")
          : error;
      }),
    );
    writeIncident(incident, options.out === undefined ? CORPUS : resolve(options.out));
    report.say(`${name}: ${JSON.stringify(totalsOf(incident.requests))}`);
  }
}

/** Recordings of another vLLM release are kept beside the project's own, with a suffix: `steady-0.8`. */
function nameOf(scenario: string, vllm: string): string {
  return vllm === VLLM_VERSION ? scenario : `${scenario}-${vllm.split(".").slice(0, 2).join(".")}`;
}

/** Aborted by Ctrl-C, and by the signal that a service manager sends; both end the server too. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      killAllServers();
      controller.abort();
    });
  }
  return controller.signal;
}

function scenariosCalled(name: string | undefined): string[] {
  if (name === "all") return Object.keys(SCENARIOS);
  if (name !== undefined && name in SCENARIOS) return [name];
  const list = Object.entries(SCENARIOS).map(([key, { what }]) => `  ${key.padEnd(30)} ${what}`);
  throw new Failure(
    `Name a scenario, or all, as in: npm run record -- --scenario steady\n\n${list.join("\n")}`,
  );
}
