import { z } from "zod";
import type { StandInPlugin } from "../standIn.ts";
import { GrafanaClient } from "./client.ts";
import { dashboardStandIn } from "./dashboard.ts";
import { dataSourceStandIn } from "./dataSource.ts";
import { folderStandIn } from "./folder.ts";

// Numbers arrive as text: that is how the SDK sends a provider's configuration.
const configuration = z.strictObject({
  url: z.url(),
  auth: z.string(),
  retries: z.coerce.number().int().min(0).default(0),
  retryWait: z.coerce.number().int().min(0).default(0),
  // Lists arrive as JSON.
  retryStatusCodes: z
    .string()
    .default('["401", "412", "429", "5xx"]')
    .transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  version: z.string().optional(),
  pluginDownloadURL: z.string().optional(),
});

/** The provider's default number of retries; 0 means the default too. */
const RETRIES = 3;

/** Replaces `grafana` 2.40.0, but only the classic types that this project's stacks use. */
export const grafanaPlugin: StandInPlugin = {
  name: "grafana",
  version: "2.40.0",
  configure(config) {
    const parsed = configuration.safeParse(config);
    if (!parsed.success) {
      throw new Error(
        `configuration of the offline kit's grafana plugin: ${z.prettifyError(parsed.error)}`,
      );
    }
    const { retries, ...connection } = parsed.data;
    const client = new GrafanaClient({ ...connection, retries: retries || RETRIES });
    return {
      "grafana:oss/dashboard:Dashboard": dashboardStandIn(client),
      "grafana:oss/dataSource:DataSource": dataSourceStandIn(client),
      "grafana:oss/folder:Folder": folderStandIn(client),
    };
  },
};
