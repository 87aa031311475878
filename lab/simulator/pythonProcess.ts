/** What Python's Prometheus client reports about the process itself. */
import { metrics } from "../../vllm/catalogue/index.ts";
import type { Instrument, Meter } from "./meter.ts";

export class PythonProcess {
  readonly #cpu: Instrument;
  readonly #openFiles: Instrument;
  readonly #collected: Instrument[];
  readonly #collections: Instrument[];
  #requests = 0;

  /** Registers the families in the client's order, with typical values after a start. */
  constructor(meter: Meter, startedAt: number) {
    const generations = metrics.pythonCollections.labels.generation;
    this.#collected = generations.map((generation) =>
      meter.series(metrics.pythonObjectsCollected, { generation }),
    );
    for (const generation of generations) {
      meter.series(metrics.pythonObjectsUncollectable, { generation });
    }
    this.#collections = generations.map((generation) =>
      meter.series(metrics.pythonCollections, { generation }),
    );
    const version = { major: "3", minor: "11", patchlevel: "7", version: "3.11.7" };
    meter.series(metrics.pythonVersion, { implementation: "CPython", ...version }).set(1);
    meter.series(metrics.processVirtualMemory, {}).set(4.78052352e9);
    meter.series(metrics.processResidentMemory, {}).set(1.09170688e9);
    // Linux counts it in hundredths of a second.
    meter.series(metrics.processStartTime, {}).set(Math.round(startedAt * 100) / 100);
    this.#cpu = meter.series(metrics.processCpu, {});
    this.#openFiles = meter.series(metrics.processOpenFiles, {});
    meter.series(metrics.processMaxFiles, {}).set(20_000);

    this.#cpu.add(20.33);
    this.#openFiles.set(34);
    [13_430, 4388, 950].forEach((objects, i) => this.#collected[i]?.add(objects));
    [1799, 164, 11].forEach((times, i) => this.#collections[i]?.add(times));
  }

  /** A request was answered with this many tokens. */
  served(tokens: number): void {
    this.#requests += 1;
    this.#cpu.add(Math.round(0.4 + 0.03 * tokens) / 100);
    [4, 40, 400].forEach((every, generation) => {
      if (this.#requests % every !== 0) return;
      this.#collections[generation]?.add();
      this.#collected[generation]?.add(30);
    });
  }

  /** Each request has its own connection. */
  connected(requests: number): void {
    this.#openFiles.set(34 + requests);
  }
}
