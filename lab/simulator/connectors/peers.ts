/** Connectors that fetch blocks from another engine: NIXL and Mooncake. */
import { metrics } from "../../../vllm/catalogue/index.ts";
import { Jobs, transferSeconds, type ConnectorKind } from "./connector.ts";

export const nixlConnector: ConnectorKind = {
  source: "p2p",
  families: () => [
    metrics.nixlTransferTime,
    metrics.nixlPostTime,
    metrics.nixlBytes,
    metrics.nixlDescriptors,
    metrics.nixlFailedTransfers,
    metrics.nixlFailedNotifications,
    metrics.nixlExpiredRequests,
    metrics.nixlNotificationsAfterExpiry,
  ],
  connect(parts) {
    const { one, clock, random, spec } = parts;
    const jobs = new Jobs<"load">(clock);
    const [time, post] = [one(metrics.nixlTransferTime), one(metrics.nixlPostTime)];
    const [size, descriptors] = [one(metrics.nixlBytes), one(metrics.nixlDescriptors)];
    const failed = one(metrics.nixlFailedTransfers);
    const unnoticed = one(metrics.nixlFailedNotifications);
    const expired = one(metrics.nixlExpiredRequests);
    const late = one(metrics.nixlNotificationsAfterExpiry);
    return {
      load({ blocks, bytes }) {
        const seconds = transferSeconds(parts, bytes, NETWORK);
        const fails = random.chance(spec.transferFailures);
        jobs.start("load", bytes, seconds, () => {
          if (fails) {
            failed.add();
            if (random.chance(0.5)) unnoticed.add();
            return;
          }
          time.observe(seconds);
          post.observe(seconds * random.next() * 0.1);
          size.observe(bytes);
          descriptors.observe(blocks * LAYERS);
        });
        return { seconds, fails };
      },
      // The peer that should fetch the blocks never does, or does so too late.
      store() {
        if (!random.chance(spec.transferFailures)) return;
        expired.add();
        if (random.chance(0.5)) late.add();
      },
      settle() {
        jobs.settle();
      },
    };
  },
};

export const mooncakeConnector: ConnectorKind = {
  source: "p2p",
  families: () => [
    metrics.mooncakeTransferTime,
    metrics.mooncakeBytes,
    metrics.mooncakeDescriptors,
    metrics.mooncakeFailedTransfers,
    metrics.mooncakeFailedReceives,
    metrics.mooncakeExpiredRequests,
  ],
  connect(parts) {
    const { one, clock, random, spec } = parts;
    const jobs = new Jobs<"load">(clock);
    const [time, size] = [one(metrics.mooncakeTransferTime), one(metrics.mooncakeBytes)];
    const descriptors = one(metrics.mooncakeDescriptors);
    const failures = [one(metrics.mooncakeFailedTransfers), one(metrics.mooncakeFailedReceives)];
    const expired = one(metrics.mooncakeExpiredRequests);
    return {
      load({ blocks, bytes }) {
        const seconds = transferSeconds(parts, bytes, NETWORK);
        const fails = random.chance(spec.transferFailures);
        jobs.start("load", bytes, seconds, () => {
          if (fails) {
            failures[random.below(2)]?.add();
            return;
          }
          time.observe(seconds);
          size.observe(bytes);
          descriptors.observe(blocks * LAYERS);
        });
        return { seconds, fails };
      },
      store() {
        if (random.chance(spec.transferFailures)) expired.add();
      },
      settle() {
        jobs.settle();
      },
    };
  },
};

/** Bytes per second. */
const NETWORK = 1e10;

/** Each block is a piece per layer. */
const LAYERS = 2;
