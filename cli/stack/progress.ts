import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Report } from "../../tools/report.ts";

/** The progress and the outcome of an operation of the engine. */
export interface Progress {
  /** Call it with each event of the engine. */
  onEvent: (event: EngineEvent) => void;
  /** The engine's errors. */
  errors: string[];
  /** How many resources were created, updated, replaced, deleted or unchanged. */
  changes: Partial<Record<OpType, number>>;
}

/** Reports an operation: one line per resource that changes, with the time it took. */
export function followOperation(report: Report): Progress {
  const underWay = new Map<string, { end: () => void; fail: (reason: Error) => void }>();
  const refreshed = new Set<string>();
  const progress: Progress = { onEvent, errors: [], changes: {} };

  function onEvent(event: EngineEvent): void {
    const started = event.resourcePreEvent?.metadata;
    if (started !== undefined && !event.resourcePreEvent?.planning && isWorthALine(started)) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      underWay.set(keyOf(started), {
        end: () => {
          resolve(undefined);
        },
        fail: reject,
      });
      // The engine's diagnostics contain the error.
      report.step(titleOf(started), () => promise).catch(() => undefined);
    }
    const done = event.resOutputsEvent?.metadata;
    if (done !== undefined) {
      const begun = take(done);
      begun?.end();
      if (begun === undefined && refreshed.has(done.urn)) sayDrift(done);
    }
    if (started?.op === "refresh") refreshed.add(started.urn);
    const failed = event.resOpFailedEvent?.metadata;
    if (failed !== undefined) take(failed)?.fail(new Error("failed"));
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity === "error") {
      progress.errors.push(stripColour(diagnostic.message).trim());
    }
    if (event.summaryEvent !== undefined) progress.changes = event.summaryEvent.resourceChanges;
  }

  /** A refresh reports drift as an update or a deletion without a preceding event. */
  function sayDrift(found: StepEventMetadata): void {
    if (!/^(docker|random|grafana):/.test(found.type)) return;
    refreshed.delete(found.urn);
    if (found.op === "delete") report.say(`  gone: ${nameOf(found)}`);
    if (found.op === "update") report.say(`  changed outside: ${nameOf(found)}`);
  }

  function take(metadata: StepEventMetadata) {
    const found = underWay.get(keyOf(metadata));
    underWay.delete(keyOf(metadata));
    return found;
  }

  return progress;
}

/** An operation's changes in words: `3 created, 12 unchanged`. */
export function describeChanges(changes: Partial<Record<OpType, number>>): string {
  const words: [OpType, string][] = [
    ["create", "created"],
    ["update", "updated"],
    ["replace", "replaced"],
    ["delete", "deleted"],
    ["same", "unchanged"],
  ];
  const counts = words.flatMap(([op, word]) => (changes[op] ? [`${changes[op]} ${word}`] : []));
  return counts.length === 0 ? "no changes" : counts.join(", ");
}

const VERBS: Partial<Record<OpType, string>> = {
  create: "Create",
  update: "Update",
  delete: "Delete",
  "create-replacement": "Create",
  "delete-replaced": "Delete",
};

/** Whether a step changes a real resource. Components and providers exist only in the state. */
function isWorthALine({ op, type }: StepEventMetadata): boolean {
  return VERBS[op] !== undefined && /^(docker|random|grafana):/.test(type);
}

function keyOf({ op, urn }: StepEventMetadata): string {
  return `${op} ${urn}`;
}

/** `Create container prometheus-server`. */
function titleOf(metadata: StepEventMetadata): string {
  return `${VERBS[metadata.op] ?? metadata.op} ${nameOf(metadata)}`;
}

/** `container prometheus-server`. */
function nameOf({ type, urn }: StepEventMetadata): string {
  const kind = (type.split("/").at(-1)?.split(":").at(-1) ?? type)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
  const name = (urn.split("::").at(-1) ?? urn).replace(/^monitoring-/, "");
  return name === kind ? name : `${kind} ${name}`;
}

/** Removes the engine's colour marks, such as `<{%fg 1%}>`. */
function stripColour(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}
