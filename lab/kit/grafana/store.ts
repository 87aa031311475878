import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PasswordHash } from "./password.ts";

export interface StoredFolder {
  id: number;
  uid: string;
  title: string;
  created: string;
  updated: string;
  version: number;
}

export interface StoredDashboard {
  id: number;
  uid: string;
  title: string;
  /** Undefined for the general folder. */
  folderUid: string | undefined;
  created: string;
  updated: string;
  version: number;
  /** The dashboard as it was sent, without `id` and `version`. */
  model: Record<string, unknown>;
}

export interface StoredDataSource {
  id: number;
  uid: string;
  name: string;
  type: string;
  access: string;
  url: string;
  isDefault: boolean;
  jsonData: Record<string, unknown>;
  secureJsonData: Record<string, string>;
  version: number;
}

/** Everything that survives a restart. */
export interface Data {
  user: { login: string; password: PasswordHash };
  /** Folders and dashboards share one counter, as they share one table in Grafana. */
  lastId: number;
  lastDataSourceId: number;
  folders: StoredFolder[];
  dashboards: StoredDashboard[];
  dataSources: StoredDataSource[];
}

/** The data, and a way to save it after each change. */
export interface Store {
  readonly data: Data;
  save: () => void;
}

/** Opens the data in a folder. If there is none, at Grafana's first start, `initial` creates it. */
export function openStore(folder: string, initial: () => Data): Store {
  const file = join(folder, "grafana.json");
  mkdirSync(folder, { recursive: true });
  const found = existsSync(file);
  const data = found ? (JSON.parse(readFileSync(file, "utf8")) as Data) : initial();
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(data), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  };
  if (!found) save();
  return { data, save };
}
