import { readFileSync } from "node:fs";

/** The environment variables of Grafana that the stand-in supports. */
export interface GrafanaSettings {
  port: number;
  /** Folder for everything that survives a restart. */
  dataDir: string;
  /** Name and initial password of the administrator: used only while the data folder is empty. */
  adminUser: string;
  adminPassword: string;
  /** Whether the version is hidden from anonymous users. */
  hideVersion: boolean;
}

/**
 * Reads the settings as Grafana's image does: `GF_X__FILE` names a file with the value of `GF_X`.
 *
 * @throws if both are set, or if the file cannot be read. (If the file cannot be read, Grafana itself
 * continues with an empty value, which for the password means "admin".)
 */
export function readEnvironment(env: NodeJS.ProcessEnv): GrafanaSettings {
  const get = (name: string, otherwise: string) => readValue(env, name) ?? otherwise;
  // The stand-in does not use the key, but a stack that cannot provide it must not appear to work.
  get("GF_SECURITY_SECRET_KEY", "");
  return {
    port: Number(get("GF_SERVER_HTTP_PORT", "3000")),
    dataDir: get("GF_PATHS_DATA", "/var/lib/grafana"),
    adminUser: get("GF_SECURITY_ADMIN_USER", "admin"),
    adminPassword: get("GF_SECURITY_ADMIN_PASSWORD", "admin"),
    hideVersion: get("GF_AUTH_ANONYMOUS_HIDE_VERSION", "false") === "true",
  };
}

function readValue(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  const file = env[`${name}__FILE`];
  if (file === undefined || file === "") return value === "" ? undefined : value;
  if (value !== undefined && value !== "") {
    throw new Error(`ERROR: Both ${name} and ${name}__FILE are set (but are exclusive)`);
  }
  console.log(`Getting secret ${name} from ${file}`);
  try {
    // Like $(cat …) in the image's start script: trailing newlines are not part of the value.
    return readFileSync(file, "utf8").replace(/\n+$/, "");
  } catch {
    throw new Error(`cat: can't open '${file}': No such file or directory`);
  }
}
