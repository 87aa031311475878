import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PROJECT } from "../../settings.ts";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";

/**
 * The environment variables that give Pulumi its backend and the passphrase of its secrets. The
 * user's own settings win: `PULUMI_BACKEND_URL`, a login (to Pulumi Cloud or elsewhere), and either
 * passphrase variable. Otherwise the state is in the project's folder `.pulumi-state`, and a
 * passphrase is generated once into `.pulumi-passphrase`, readable by its owner only. Git ignores
 * both.
 */
export function backendEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  root = ROOT,
): Record<string, string> {
  let url = env.PULUMI_BACKEND_URL ?? loggedIn(env);
  if (url === undefined) {
    const folder = join(root, ".pulumi-state");
    writing(folder, () => mkdirSync(folder, { recursive: true }));
    url = pathToFileURL(folder).href;
  }
  const passphraseGiven =
    env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  // Pulumi Cloud encrypts secrets with a key of its own.
  if (/^https?:/.test(url) || passphraseGiven) return { PULUMI_BACKEND_URL: url };
  const file = join(root, ".pulumi-passphrase");
  if (!existsSync(file)) {
    const passphrase = `${randomBytes(24).toString("base64url")}\n`;
    writing(file, () => {
      writeFileSync(file, passphrase, { mode: 0o600 });
    });
  }
  return { PULUMI_BACKEND_URL: url, PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** @throws {Failure} if the project's folder is not writable. */
function writing(path: string, write: () => unknown): void {
  try {
    write();
  } catch (error) {
    throw new Failure(
      `Cannot write ${path} (${(error as Error).message}): run the command as the owner of this folder, or set PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE.`,
    );
  }
}

/** The folder of a file backend that holds its stacks; undefined for other backends. */
export function backendFolder(url = backendEnvironment().PULUMI_BACKEND_URL): string | undefined {
  if (!url?.startsWith("file://")) return undefined;
  return join(url === "file://~" ? homedir() : fileURLToPath(url), ".pulumi");
}

/** Removes the backups that a file backend keeps of a removed stack's state. */
export function forgetState(stack: string): void {
  const folder = backendFolder();
  if (folder === undefined) return;
  for (const kind of ["backups", "history", "locks/organization"]) {
    rmSync(join(folder, kind, PROJECT, stack), { recursive: true, force: true });
  }
  for (const suffix of ["", ".attrs"]) {
    rmSync(join(folder, "stacks", PROJECT, `${stack}.json.bak${suffix}`), { force: true });
  }
}

/** The backend chosen by `pulumi login`, if any. */
function loggedIn(env: NodeJS.ProcessEnv): string | undefined {
  const home = env.PULUMI_HOME ?? join(env.HOME ?? homedir(), ".pulumi");
  const file = join(home, "credentials.json");
  if (!existsSync(file)) return undefined;
  const { current } = JSON.parse(readFileSync(file, "utf8")) as { current?: string };
  return current === "" ? undefined : current;
}
