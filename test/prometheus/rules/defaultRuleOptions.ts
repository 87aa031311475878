import { ruleOptions } from "../../../plan.ts";
import type { RuleOptions } from "../../../prometheus/rules/index.ts";
import { parseSettings } from "../../../settings.ts";

/**
 * The default options of the rules, for a stack that also has an Alertmanager, GPU exporters, a canary
 * and remote write, and for series with a sample every 30 s.
 */
export function options(changed: Partial<RuleOptions> = {}): RuleOptions {
  return {
    ...ruleOptions(parseSettings({})),
    alertmanager: true,
    gpu: true,
    longestScrapeInterval: 30,
    canary: true,
    remoteWrite: true,
    ...changed,
  };
}
