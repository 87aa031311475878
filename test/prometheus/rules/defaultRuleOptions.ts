import { ruleOptions } from "../../../plan.ts";
import type { RuleOptions } from "../../../prometheus/rules/index.ts";
import { parseSettings } from "../../../settings.ts";

/**
 * What the rules are made of by default, with an Alertmanager, GPU exporters, a canary and remote write to
 * watch over, for series that have a sample every 30 s.
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
