/** The canary's configuration, from the groups of targets that set `canary`. */
import { milliseconds } from "../common/duration.ts";
import type { CanaryTarget } from "./config.ts";
import { CANARY_SECRETS_FOLDER } from "./canaryServer.ts";
import type { CanarySettings } from "./canarySettings.ts";

/** The fields of a group of targets that the canary needs. */
interface Group {
  job: string;
  addresses: string[];
  labels: Record<string, string>;
  scheme: string;
  metricsPath: string;
  canary?: CanarySettings | undefined;
}

export interface CanaryPlan {
  /** The canary's configuration, as JSON. It refers to API keys by their files. */
  config: string;
  /** API keys by the file that has them. */
  secrets: Record<string, string>;
}

/** Whether any group sets `canary`. */
export function hasCanary(groups: readonly Pick<Group, "canary">[]): boolean {
  return groups.some(({ canary }) => canary !== undefined);
}

/** Undefined where no group sets `canary`. */
export function planCanary(groups: readonly Group[]): CanaryPlan | undefined {
  const asking = groups.flatMap((group) =>
    group.canary ? [{ ...group, canary: group.canary }] : [],
  );
  if (asking.length === 0) return undefined;
  const targets = asking.flatMap((group) => group.addresses.map((one) => targetOf(group, one)));
  return {
    config: `${JSON.stringify(targets, null, 2)}\n`,
    secrets: Object.fromEntries(
      asking.flatMap(({ job, canary: { apiKey } }) =>
        apiKey === undefined ? [] : [[job, apiKey]],
      ),
    ),
  };
}

function targetOf(group: Group & { canary: CanarySettings }, address: string): CanaryTarget {
  const { job, labels, scheme, metricsPath, canary } = group;
  const server = `${scheme}://${address}`;
  return {
    labels: { job, instance: address, ...labels },
    // A path prefix of the metrics page applies to the API too.
    url: server + metricsPath.replace(/\/[^/]*$/, ""),
    metricsUrl: server + metricsPath,
    interval: milliseconds(canary.interval) / 1000,
    timeout: milliseconds(canary.timeout) / 1000,
    maxTokens: canary.maxTokens,
    requestsPerHour: canary.requestsPerHour,
    ...(canary.apiKey !== undefined && { apiKeyFile: `${CANARY_SECRETS_FOLDER}/${job}` }),
  };
}
