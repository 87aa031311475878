import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./project.ts";

/** The generated passphrase's file; git ignores it. */
export const PASSPHRASE_FILE = join(ROOT, ".pulumi-passphrase");

/** Where the state is kept when no other backend is set; git ignores it. */
export const STATE_FOLDER = join(ROOT, ".pulumi-state");

/**
 * The environment by which Pulumi finds its state and the passphrase of its secrets. What the user
 * has set is respected: `PULUMI_BACKEND_URL`, a login (to Pulumi Cloud or elsewhere), and either
 * passphrase variable. Otherwise the state lives in a folder of the project, and a passphrase is
 * generated once, readable by its owner alone.
 */
export function backendEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const url = env.PULUMI_BACKEND_URL ?? loggedIn(env) ?? pathToFileURL(STATE_FOLDER).href;
  if (url === pathToFileURL(STATE_FOLDER).href) mkdirSync(STATE_FOLDER, { recursive: true });
  const passphraseGiven =
    env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  // Pulumi Cloud keeps the secrets' key itself.
  const passphraseNeeded = !/^https?:/.test(url) && !passphraseGiven;
  if (passphraseNeeded && !existsSync(PASSPHRASE_FILE)) {
    writeFileSync(PASSPHRASE_FILE, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  }
  return {
    PULUMI_BACKEND_URL: url,
    ...(passphraseNeeded ? { PULUMI_CONFIG_PASSPHRASE_FILE: PASSPHRASE_FILE } : {}),
  };
}

/** The backend that `pulumi login` has chosen, if any. */
function loggedIn(env: NodeJS.ProcessEnv): string | undefined {
  const home = env.PULUMI_HOME ?? join(env.HOME ?? homedir(), ".pulumi");
  const file = join(home, "credentials.json");
  if (!existsSync(file)) return undefined;
  const { current } = JSON.parse(readFileSync(file, "utf8")) as { current?: string };
  return current === "" ? undefined : current;
}
