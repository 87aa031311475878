/** Cleanup after an interrupted run: no processes, folders or containers may remain. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const interruption = new AbortController();

/** Aborted by an interrupt: for programs that run for a while. */
export const interrupted = interruption.signal;

const leftovers = new Set<() => void>();

/**
 * Registers a function that removes something. The returned function removes it, or what is left of it,
 * at once and unregisters it. An interrupt calls all registered functions. `remove` may be called for
 * something that is already gone.
 */
export function removedOnInterrupt(remove: () => void): () => void {
  listen();
  leftovers.add(remove);
  return () => {
    leftovers.delete(remove);
    remove();
  };
}

/** Runs `work` with a new folder, which is removed afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "vllm-observability-benchmark-"));
  const remove = removedOnInterrupt(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    return await work(folder);
  } finally {
    remove();
  }
}

let listens = false;

function listen(): void {
  if (listens) return;
  listens = true;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      interruption.abort();
      // In reverse order: a server before its folder.
      for (const remove of [...leftovers].reverse()) remove();
      process.exit(code);
    });
  }
}
