/** A real Alertmanager with the stack's own configuration, on the loopback address. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alertmanagerConfig } from "../../alertmanager/config.ts";
import {
  ALERTMANAGER_CONFIG_FOLDER,
  ALERTMANAGER_SECRETS_FOLDER,
} from "../../alertmanager/alertmanagerServer.ts";
import { TEMPLATES } from "../../alertmanager/templates.ts";
import { ensureAlertmanagerPrograms } from "../../lab/kit/images/index.ts";
import { durationScale } from "../../common/timeScale.ts";
import { parseSettings } from "../../settings.ts";
import { freePort } from "../../tools/freePort.ts";
import { report } from "../../tools/report.ts";

export type AlertLabels = Record<string, string>;

export interface RealAlertmanager {
  url: string;
  /** Sends alerts that started a minute ago. `endsAt` is in milliseconds since 1970. */
  post: (alerts: readonly object[], endsAt: number) => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts it with alerting settings. `global` has Alertmanager's global keys that no setting covers. */
export async function startAlertmanager(
  alerting: Record<string, unknown>,
  global: Record<string, string> = {},
): Promise<RealAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
  writeConfiguration(folder, alerting, global);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { alertmanager } = await ensureAlertmanagerPrograms(report);
  const child = spawn(
    alertmanager,
    [
      ...[`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`],
      ...[`--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address="],
    ],
    { stdio: "ignore" },
  );
  await eventually(async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    post: async (alerts, endsAt) => {
      const times = {
        startsAt: new Date(Date.now() - 60_000).toISOString(),
        endsAt: new Date(endsAt).toISOString(),
      };
      await fetch(`${url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(alerts.map((alert) => ({ ...alert, ...times }))),
      });
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Writes the files that Alertmanager reads: configuration, templates and secrets. */
export function writeConfiguration(
  folder: string,
  alerting: Record<string, unknown>,
  global: Record<string, string> = {},
): void {
  const { config, secrets } = alertmanagerConfig(
    parseSettings({ alerting }).alerting,
    durationScale(1),
  );
  mkdirSync(join(folder, "secrets"));
  for (const [name, value] of Object.entries(secrets)) {
    writeFileSync(join(folder, "secrets", name), value);
  }
  writeFileSync(join(folder, "messages.tmpl"), TEMPLATES);
  writeFileSync(
    join(folder, "alertmanager.yml"),
    `global: ${JSON.stringify(global)}\n${config}`
      .replaceAll(ALERTMANAGER_SECRETS_FOLDER, join(folder, "secrets"))
      .replaceAll(ALERTMANAGER_CONFIG_FOLDER, folder),
  );
}

/** Waits until a condition is true. */
export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  const tried = async () => holds();
  while (!(await tried().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("It did not come to that within 5 s.");
    await sleep(100);
  }
}
