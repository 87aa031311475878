import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import {
  ALERTMANAGER_UID,
  alertmanagerOptions,
  DATASOURCE_UID,
  datasourceOptions,
} from "../grafana/datasource.ts";
import type { Grafana } from "./grafana.ts";

/** The data sources and dashboards in Grafana. */
export interface DashboardsArgs {
  /** The Grafana server that gets them. */
  grafana: Grafana;
  /** URL of Prometheus from the Grafana server. */
  prometheusUrl: string;
  /** URL of Alertmanager from the Grafana server; left out where there is no Alertmanager. */
  alertmanagerUrl?: string | undefined;
  /**
   * The longest interval between two scrapes of a server, as a Prometheus duration. Grafana's rate
   * windows cover four such intervals, so that they never hold a single sample.
   */
  scrapeInterval: string;
  /** The folder of the dashboards. No dashboard may have its title (Grafana 9 refuses that). */
  folder: { uid: string; title: string };
  /** Dashboard JSON by uid. */
  json: Record<string, string>;
}

/**
 * The data sources for metrics and alerts, a folder and the dashboards in it, all with fixed uids.
 */
export class Dashboards extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Dashboards", name, {}, opts);
    const registered = {
      parent: this,
      provider: args.grafana.provider,
      dependsOn: [args.grafana],
      // Grafana's volume stores all of it. Deleting the volume needs no request to Grafana, so a stack
      // whose Grafana is dead can still be destroyed.
      deletedWith: args.grafana.dataVolume,
    };
    const prometheus = new grafana.oss.DataSource(
      `${name}-prometheus`,
      {
        type: "prometheus",
        name: "Prometheus",
        uid: DATASOURCE_UID,
        url: args.prometheusUrl,
        isDefault: true,
        jsonDataEncoded: datasourceOptions(args.scrapeInterval),
      },
      registered,
    );
    if (args.alertmanagerUrl !== undefined) {
      new grafana.oss.DataSource(
        `${name}-alertmanager`,
        {
          type: "alertmanager",
          name: "Alertmanager",
          uid: ALERTMANAGER_UID,
          url: args.alertmanagerUrl,
          jsonDataEncoded: alertmanagerOptions(),
        },
        // One after the other: Grafana makes the first data source the default. If two are created
        // at once, the wrong one may become the default.
        { ...registered, dependsOn: [args.grafana, prometheus] },
      );
    }
    const folder = new grafana.oss.Folder(`${name}-folder`, args.folder, registered);
    for (const [uid, json] of Object.entries(args.json)) {
      new grafana.oss.Dashboard(
        `${name}-${uid}`,
        { folder: folder.uid, configJson: json, overwrite: true },
        registered,
      );
    }
    this.registerOutputs();
  }
}
