/** GPU faults, as NVIDIA's dcgm-exporter reports them with its default counters. */
import { exporters as e, math } from "../../../vllm/index.ts";
import type { RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function gpuAlerts(context: RuleContext): RuleGroup<AlertRule> {
  const rules = context.options.gpu ? [xidErrors, memoryFault, throttled] : [];
  return { name: "gpu", rules: rules.map((rule) => rule(context)) };
}

const PER_HOST = ["instance", "Hostname"] as const;
const PER_GPU = [...PER_HOST, "gpu"] as const;
const GPU = "GPU {{ $labels.gpu }} of {{ $labels.Hostname }}";

/** Errors of programs, not of the GPU: those that NVIDIA's k8s-device-plugin ignores in health checks. */
const OF_PROGRAMS = [13, 31, 43, 45, 68, 109];

function xidErrors({ q, time, options }: RuleContext): AlertRule {
  // The error is a label of the series, so only their maximum shows a change.
  const last = q.max(e.gpuXid, { by: PER_GPU });
  const others = OF_PROGRAMS.map((xid) => ` != ${xid}`).join("");
  const isNew = math`changes((${last})[${time("1h")}:${time("1m")}]) > 0`;
  return {
    name: "GpuXidErrors",
    severity: "warning",
    concern: "gpu",
    expr: math`${`${last} > 0${others}`} and ${isNew}`,
    meaning: "A GPU reported an XID error",
    summary: `${GPU} reported XID ${VALUE.number}`,
    description: `${GPU} reported the error XID ${VALUE.number} within the last hour. Only the last error is known: the same error twice looks like one.`,
    value: `XID ${VALUE.number}`,
    threshold: "any error but those of programs",
    origin: `Without ${OF_PROGRAMS.join(", ")}, which programs cause (NVIDIA's k8s-device-plugin ignores them too). For an hour, since the exporter reports the last error until it restarts (dcgm-exporter#500).`,
    dashboard: dashboardUrl(options.links, "gpu"),
  };
}

function memoryFault({ q, time, options }: RuleContext): AlertRule {
  const fault = (query: string, name: string) =>
    `label_replace(${math`${query} > 0`}, "fault", "${name}", "", "")`;
  const failed = q.max(e.gpuRowRemapFailure, { by: PER_GPU });
  const remapped = q.increase(e.gpuUncorrectableRows, { by: PER_GPU, window: time("1d") });
  return {
    name: "GpuMemoryFault",
    severity: "warning",
    concern: "gpu",
    expr: `${fault(failed, "a failed row remap")} or ${fault(remapped, "uncorrectable memory errors")}`,
    meaning: "A GPU has memory faults",
    summary: `${GPU} has {{ $labels.fault }}`,
    description: `${GPU} has {{ $labels.fault }}. Uncorrectable errors of the last day end the processes that they hit; after a failed remap the GPU must be replaced.`,
    threshold: "0",
    origin:
      "NVIDIA's guide to memory errors: a failed row remap qualifies for replacement. ECC counters are not among the exporter's default counters.",
    dashboard: dashboardUrl(options.links, "gpu"),
  };
}

/**
 * A busy GPU is slow if its clock is below this share of the clock of its host's GPUs; it is busy from this
 * percentage on.
 */
const SLOW_CLOCK = 0.8;
const BUSY = 50;

/** Thermal throttling matters from this share of the time on. Our choice. */
const HOT = 0.05;

function throttled({ q, time, options }: RuleContext): AlertRule {
  const during = { by: PER_GPU, window: time("5m") };
  const clock = q.avg(e.gpuClock, during);
  const busy = math`${clock} and ${q.avg(e.gpuUtilization, during)} > ${BUSY}`;
  const median = `quantile by (${PER_HOST.join(", ")}) (0.5, ${busy})`;
  const slow = math`${busy} / on (instance, Hostname) group_left () ${median} < ${SLOW_CLOCK}`;
  const hot = math`${q.rate(e.gpuThermalThrottling, during)} / 1e9 > ${HOT}`;
  const because = (query: string, reason: string) =>
    `label_replace(${query}, "reason", "${reason}", "", "")`;
  return {
    name: "GpuThrottled",
    severity: "warning",
    concern: "gpu",
    expr: `${because(hot, "it is too hot")} or ${because(slow, "its clock is far below that of the other GPUs")}`,
    for: time("15m"),
    meaning: "A GPU runs slowly",
    summary: `${GPU} runs slowly: {{ $labels.reason }}`,
    description: `${GPU} has been throttled for 15 minutes: {{ $labels.reason }}. All GPUs of an engine wait for the slowest one.`,
    threshold: `thermal throttling for more than ${HOT * 100} % of the time, or a clock below ${SLOW_CLOCK} of the median`,
    origin: `The exporter has no throttling among its default counters: the clocks of busy GPUs (above ${BUSY} %) of one host are compared; heat is seen where DCGM_FI_DEV_THERMAL_VIOLATION is on. A power limit is no fault: under full load it is normal.`,
    dashboard: dashboardUrl(options.links, "gpu"),
  };
}
