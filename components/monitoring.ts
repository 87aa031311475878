import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Alertmanager, type AlertmanagerArgs } from "./alertmanager.ts";
import { Canary, type CanaryArgs } from "./canary.ts";
import { Dashboards, type DashboardsArgs } from "./dashboards.ts";
import { Demo, type DemoArgs } from "./demo.ts";
import { type Deployment, objectName } from "./deployment.ts";
import { Grafana, type GrafanaArgs } from "./grafana.ts";
import { Prometheus, type PrometheusArgs } from "./prometheus.ts";

/** The arguments of one component, without those that all components share. */
type ArgsOf<Args> = Omit<Args, "deployment" | "network" | "bindAddress">;

/** What is deployed. */
export interface MonitoringArgs {
  deployment: Deployment;
  /** Address of the host on which the servers are published. */
  bindAddress: string;
  prometheus: ArgsOf<PrometheusArgs>;
  grafana: ArgsOf<GrafanaArgs>;
  dashboards: Omit<DashboardsArgs, "grafana">;
  /** Left out where there are no receivers of alerts. */
  alertmanager?: ArgsOf<AlertmanagerArgs> | undefined;
  /** Left out where no group of targets sets `canary`. */
  canary?: ArgsOf<CanaryArgs> | undefined;
  /** Left out where there is no demo. */
  demo?: ArgsOf<DemoArgs> | undefined;
}

/** Prometheus and Grafana on a network of their own, with the dashboards in Grafana. */
export class Monitoring extends pulumi.ComponentResource {
  /** The Grafana administrator's generated password, a secret. */
  readonly grafanaPassword: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Monitoring", name, {}, opts);
    const { deployment, bindAddress } = args;
    const child = { parent: this };
    const network = new docker.Network(
      `${name}-network`,
      { name: objectName(deployment, "network") },
      child,
    ).name;
    const placed = { deployment, network, bindAddress };
    new Prometheus(`${name}-prometheus`, { ...args.prometheus, ...placed }, child);
    const grafana = new Grafana(`${name}-grafana`, { ...args.grafana, ...placed }, child);
    new Dashboards(
      `${name}-dashboards`,
      { ...args.dashboards, grafana },
      // The component's former name. Without it, Pulumi would create the dashboards of an existing
      // stack a second time, under the same uids, and then delete them.
      {
        ...child,
        aliases: [{ type: "vllm-observability:index:Boards", name: `${name}-boards` }],
      },
    );
    if (args.alertmanager !== undefined) {
      new Alertmanager(`${name}-alertmanager`, { ...args.alertmanager, ...placed }, child);
    }
    if (args.canary !== undefined) {
      new Canary(`${name}-canary`, { ...args.canary, ...placed }, child);
    }
    if (args.demo !== undefined) new Demo(`${name}-demo`, { ...args.demo, ...placed }, child);
    this.grafanaPassword = grafana.password;
    this.registerOutputs({ grafanaPassword: this.grafanaPassword });
  }
}
