import { setTimeout } from "node:timers/promises";

/** An error in the format of Docker's own client: `Error response from daemon: …`. */
export function daemonMessage(error: unknown): string {
  const { json } = error as { json?: { message?: unknown } };
  if (typeof json?.message === "string") return `Error response from daemon: ${json.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [\w ]+ - /, "Error response from daemon: ");
}

/** The result of a call to the Docker Engine, or an error that names the purpose of the call. */
export async function asking<T>(purpose: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new Error(`${purpose}: ${daemonMessage(error)}`, { cause: error });
  }
}

/** The result of a call to the Docker Engine, or undefined if the object does not exist. */
export async function ifPresent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}

/** The HTTP status with which the Docker Engine rejected a request. */
export function statusCode(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** Repeats the call for at most 30 s while Docker reports that the object is in use. */
export async function whileInUse(inUse: RegExp, call: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await ifPresent(call());
      return;
    } catch (error) {
      const message = daemonMessage(error);
      if (!inUse.test(message) || Date.now() > deadline) throw new Error(message, { cause: error });
      await setTimeout(500);
    }
  }
}
