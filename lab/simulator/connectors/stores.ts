/** Connectors that keep blocks in a store shared by several engines: Mooncake's, 3FS and UMBP. */
import { metrics } from "../../../vllm/catalogue/index.ts";
import { Jobs, transferSeconds, type ConnectorKind } from "./connector.ts";

export const mooncakeStoreConnector: ConnectorKind = {
  source: "external_unspecified",
  families: () => [
    metrics.mooncakeStoreTime,
    metrics.mooncakeStoreOperations,
    metrics.mooncakeStoreKeys,
    metrics.mooncakeStoreBytes,
    metrics.mooncakeStoreFailedKeys,
  ],
  connect(parts) {
    const { meter, labels, clock, random, spec } = parts;
    const jobs = new Jobs<"any">(clock);
    const outcome = (): Status => {
      if (!random.chance(spec.transferFailures)) return "ok";
      return random.chance(0.5) ? "error" : "partial_failure";
    };
    const operate = (operation: StoreOperation, keys: number, bytes: number) => {
      const seconds = transferSeconds(parts, bytes, NETWORK);
      const status = outcome();
      const failed = { ok: 0, partial_failure: Math.ceil(keys / 2), error: keys }[status];
      const all = { ...labels, operation, status };
      jobs.start("any", bytes, seconds, () => {
        meter.series(metrics.mooncakeStoreTime, all).observe(seconds);
        meter.series(metrics.mooncakeStoreOperations, all).add();
        meter.series(metrics.mooncakeStoreKeys, all).add(keys);
        meter.series(metrics.mooncakeStoreBytes, all).add((bytes * (keys - failed)) / keys);
        meter.series(metrics.mooncakeStoreFailedKeys, all).add(failed);
      });
      return { seconds, fails: status !== "ok" };
    };
    return {
      load({ blocks, bytes }) {
        const asked = operate("lookup_exists", blocks, 0);
        const got = operate("load_get", blocks, bytes);
        return { seconds: asked.seconds + got.seconds, fails: asked.fails || got.fails };
      },
      store({ blocks, bytes }) {
        operate("save_exists", blocks, 0);
        operate("save_put", blocks, bytes);
      },
      settle() {
        jobs.settle();
      },
    };
  },
};

export const hf3fsConnector: ConnectorKind = {
  source: "disk",
  families: () => [
    metrics.hf3fsSaveTime,
    metrics.hf3fsLoadTime,
    metrics.hf3fsFailedSaves,
    metrics.hf3fsFailedLoads,
  ],
  connect(parts) {
    const { one, clock, random, spec } = parts;
    const jobs = new Jobs<"any">(clock);
    const save = { time: one(metrics.hf3fsSaveTime), failed: one(metrics.hf3fsFailedSaves) };
    const load = { time: one(metrics.hf3fsLoadTime), failed: one(metrics.hf3fsFailedLoads) };
    const move = (bytes: number, { time, failed }: typeof save) => {
      const seconds = transferSeconds(parts, bytes, FILE_SYSTEM);
      const fails = random.chance(spec.transferFailures);
      jobs.start("any", bytes, seconds, () => {
        if (fails) failed.add();
        else time.observe(seconds);
      });
      return { seconds, fails };
    };
    return {
      load: ({ bytes }) => move(bytes, load),
      store({ bytes }) {
        move(bytes, save);
      },
      settle() {
        jobs.settle();
      },
    };
  },
};

export const umbpConnector: ConnectorKind = {
  source: "external_unspecified",
  families: () => [
    metrics.umbpSubmitted,
    metrics.umbpCompleted,
    metrics.umbpFailed,
    metrics.umbpBytes,
  ],
  connect(parts) {
    const { meter, labels, clock, random, spec } = parts;
    const jobs = new Jobs<"any">(clock);
    const of = (operation: "load" | "store") => ({
      submitted: meter.series(metrics.umbpSubmitted, { ...labels, operation }),
      completed: meter.series(metrics.umbpCompleted, { ...labels, operation }),
      failed: meter.series(metrics.umbpFailed, { ...labels, operation }),
      bytes: meter.series(metrics.umbpBytes, { ...labels, operation }),
    });
    const [load, store] = [of("load"), of("store")];
    const move = (objects: number, bytes: number, counted: typeof load) => {
      const seconds = transferSeconds(parts, bytes, NETWORK);
      const failed = random.chance(spec.transferFailures) ? Math.ceil(objects / 4) : 0;
      counted.submitted.add(objects);
      jobs.start("any", bytes, seconds, () => {
        counted.completed.add(objects - failed);
        counted.failed.add(failed);
        counted.bytes.add((bytes * (objects - failed)) / objects);
      });
      return { seconds, fails: failed > 0 };
    };
    return {
      load: ({ blocks, bytes }) => move(blocks, bytes, load),
      store({ blocks, bytes }) {
        move(blocks, bytes, store);
      },
      settle() {
        jobs.settle();
      },
    };
  },
};

type StoreOperation = (typeof metrics.mooncakeStoreTime.labels.operation)[number];
type Status = (typeof metrics.mooncakeStoreTime.labels.status)[number];

/** Bytes per second. */
const NETWORK = 1e10;
const FILE_SYSTEM = 2e9;
