/** `vllm:lora_requests_info`, as vLLM fills it. */
import { metrics } from "../../vllm/catalogue/index.ts";
import type { SimulatedClock } from "./journal.ts";
import type { Instrument, Meter } from "./meter.ts";
import type { Request } from "./request.ts";

export class LoraMetrics {
  readonly #meter: Meter;
  readonly #clock: SimulatedClock;
  readonly #epoch: number;
  /** vLLM adds up the Unix times of several API servers. */
  readonly #apiServers: number;
  readonly #adapters: number;
  readonly #known = new Map<string, Instrument>();

  constructor(
    meter: Meter,
    clock: SimulatedClock,
    { epoch, apiServers, adapters }: { epoch: number; apiServers: number; adapters: number },
  ) {
    this.#meter = meter;
    this.#clock = clock;
    this.#epoch = epoch;
    this.#apiServers = apiServers;
    this.#adapters = adapters;
  }

  /** Both lists name every adapter that any request uses, in order of first appearance. */
  update(requests: readonly Request[]): void {
    const adapters = [...new Set(requests.flatMap(({ adapter }) => adapter ?? []))].join(",");
    this.#series(adapters).set((this.#epoch + this.#clock.now) * this.#apiServers);
  }

  #series(adapters: string): Instrument {
    const known = this.#known.get(adapters);
    if (known) return known;
    const series = this.#meter.series(metrics.loraRequests, {
      max_lora: `${this.#adapters}`,
      running_lora_adapters: adapters,
      waiting_lora_adapters: adapters,
    });
    this.#known.set(adapters, series);
    return series;
  }
}
