/**
 * KV connectors, which load blocks into an engine from elsewhere and store them there. There is no
 * recording of a server with a connector. Their families, labels and buckets come from the catalogue,
 * which was read from vLLM's source; their order is that of the source.
 */
import type { Metric, perEngine } from "../../../vllm/metric.ts";
import type { ConnectorName, EngineSpec } from "../serverSpec.ts";
import {
  KV_BYTES_PER_TOKEN,
  type Cargo,
  type Connector,
  type ConnectorKind,
  type ConnectorParts,
  type KvLoad,
} from "./connector.ts";
import { hiSparseConnector, simpleOffloadConnector } from "./host.ts";
import { offloadingConnector, tieredOffloadingConnector } from "./offloading.ts";
import { mooncakeConnector, nixlConnector } from "./peers.ts";
import { hf3fsConnector, mooncakeStoreConnector, umbpConnector } from "./stores.ts";

const KINDS = {
  nixl: nixlConnector,
  mooncake: mooncakeConnector,
  mooncakeStore: mooncakeStoreConnector,
  hf3fs: hf3fsConnector,
  umbp: umbpConnector,
  offloading: offloadingConnector,
  tieredOffloading: tieredOffloadingConnector,
  simpleOffload: simpleOffloadConnector,
  hiSparse: hiSparseConnector,
} satisfies Record<ConnectorName, ConnectorKind>;

/** The families of an engine's connectors. */
export function connectorFamilies(spec: EngineSpec): readonly Metric[] {
  return spec.connectors.flatMap((name) => KINDS[name].families(spec));
}

/** All connectors of an engine. As in vLLM's MultiConnector, a store goes to all, a load uses one. */
export class Connectors {
  readonly #parts: Omit<ConnectorParts, "one">;
  readonly #connectors: { connector: Connector; source: ConnectorKind["source"] }[];

  constructor(parts: Omit<ConnectorParts, "one">) {
    const { meter, labels, spec } = parts;
    const one = (metric: Metric<"counter" | "gauge" | "histogram", typeof perEngine>) =>
      meter.series(metric, labels);
    this.#parts = parts;
    this.#connectors = spec.connectors.map((name) => {
      const kind: ConnectorKind = KINDS[name];
      return { connector: kind.connect({ ...parts, one }), source: kind.source };
    });
  }

  load(tokens: number): (KvLoad & { source: ConnectorKind["source"] }) | undefined {
    const chosen = this.#connectors[this.#parts.random.below(this.#connectors.length)];
    return chosen && { ...chosen.connector.load(this.#cargo(tokens)), source: chosen.source };
  }

  store(tokens: number): void {
    for (const { connector } of this.#connectors) connector.store(this.#cargo(tokens));
  }

  settle(): void {
    for (const { connector } of this.#connectors) connector.settle();
  }

  #cargo(tokens: number): Cargo {
    return {
      tokens,
      blocks: Math.ceil(tokens / this.#parts.spec.blockSize),
      bytes: tokens * KV_BYTES_PER_TOKEN,
    };
  }
}
