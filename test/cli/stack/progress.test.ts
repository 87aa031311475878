import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";
import { describeChanges, followOperation } from "../../../cli/stack/progress.ts";
import type { Report } from "../../../tools/report.ts";

/** A report that records the titles of steps, how they ended, and single lines. */
function recordingReport() {
  const lines: string[] = [];
  const report: Report = {
    say: (line) => lines.push(line),
    step: async (title, work) => {
      lines.push(`${title} …`);
      try {
        const result = await work(() => undefined);
        lines.push(`${title} done`);
        return result;
      } catch (error) {
        lines.push(`${title} failed`);
        throw error;
      }
    },
  };
  return { lines, report };
}

function metadata(op: OpType, type: string, name: string) {
  return { op, type, urn: `urn:pulumi:dev::vllm-observability::x$${type}::${name}` };
}

function event(kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent", meta: object) {
  return { sequence: 0, timestamp: 0, [kind]: { metadata: meta } } as unknown as EngineEvent;
}

describe("followOperation", () => {
  it("reports only resources that change", async () => {
    const { lines, report } = recordingReport();
    const { onEvent } = followOperation(report);
    const created = metadata("create", "docker:index/container:Container", "monitoring-demo");
    const same = metadata("same", "docker:index/volume:Volume", "monitoring-data");
    const component = metadata("create", "vllm-observability:index:Demo", "monitoring-demo");
    const failing = metadata("update", "grafana:oss/dataSource:DataSource", "monitoring-prom");
    for (const one of [created, same, component, failing]) onEvent(event("resourcePreEvent", one));
    for (const one of [created, same, component]) onEvent(event("resOutputsEvent", one));
    onEvent(event("resOpFailedEvent", failing));
    await new Promise(setImmediate);
    assert.deepEqual(lines, [
      "Create container demo …",
      "Update data source prom …",
      "Create container demo done",
      "Update data source prom failed",
    ]);
  });

  it("reports drift that a refresh finds", () => {
    const { lines, report } = recordingReport();
    const { onEvent } = followOperation(report);
    const names = ["monitoring-a", "monitoring-b", "monitoring-c"] as const;
    for (const name of names) {
      onEvent(
        event("resourcePreEvent", metadata("refresh", "grafana:oss/dashboard:Dashboard", name)),
      );
    }
    const found: OpType[] = ["update", "delete", "same"];
    for (const [index, op] of found.entries()) {
      const name = names[index] ?? "";
      onEvent(event("resOutputsEvent", metadata(op, "grafana:oss/dashboard:Dashboard", name)));
    }
    assert.deepEqual(lines, ["  changed outside: dashboard a", "  gone: dashboard b"]);
  });

  it("keeps the engine's errors, without colour", () => {
    const { report } = recordingReport();
    const progress = followOperation(report);
    progress.onEvent({
      sequence: 0,
      timestamp: 0,
      diagnosticEvent: {
        message: "<{%fg 1%}>no such image<{%reset%}>\n",
        severity: "error",
        color: "",
      },
    });
    assert.deepEqual(progress.errors, ["no such image"]);
  });
});

describe("describeChanges", () => {
  it("counts what was done, in the order create to unchanged", () => {
    assert.equal(
      describeChanges({ same: 27, replace: 1, create: 2, update: 3, delete: 4 }),
      "2 created, 3 updated, 1 replaced, 4 deleted, 27 unchanged",
    );
    assert.equal(describeChanges({}), "no changes");
  });
});
