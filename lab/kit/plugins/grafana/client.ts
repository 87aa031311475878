import { STATUS_CODES } from "node:http";
import { setTimeout } from "node:timers/promises";
import { goJson, isJsonObject } from "./json.ts";

/** How to connect to Grafana: the provider's configuration. */
export interface Connection {
  /** Base URL, possibly with a path below which Grafana is served. */
  url: string;
  /** `user:password`, or a token. */
  auth: string;
  /** How many times a request is retried. */
  retries: number;
  /** Seconds between two attempts; 0 means 2, 4, 8 s and so on. */
  retryWait: number;
  /** Statuses that are retried; `x` is any digit. */
  retryStatusCodes: string[];
}

/** One operation of Grafana's HTTP API, named as in its OpenAPI description. */
export interface ApiOperation {
  name: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/api`, with the parameter's name in braces. */
  path: string;
}

/** A request that Grafana rejected. */
class RefusedError extends Error {
  readonly status: number;

  constructor(operation: ApiOperation, status: number, answer: string) {
    const reason = (STATUS_CODES[status] ?? "Default").replaceAll(/\W/g, "");
    super(
      `[${operation.method} ${operation.path}][${status}] ${operation.name}${reason} ${known(answer)}`,
    );
    this.status = status;
  }
}

/** A call is retried for at most this long, whatever `retries` says. */
const CEILING_MS = 30_000;

/**
 * Calls Grafana as the real provider does: connection errors and the configured statuses are retried.
 */
export class GrafanaClient {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Calls an operation. `parameter` replaces the braces in its path. */
  async call<Answer>(
    operation: ApiOperation,
    { parameter = "", query = "", body }: { parameter?: string; query?: string; body?: object },
  ): Promise<Answer> {
    const path = operation.path.replace(/\{\w+\}/, encodeURIComponent(parameter));
    const url = this.address(`/api${path}${query}`);
    const deadline = Date.now() + CEILING_MS;
    for (let tried = 0; ; tried++) {
      const wait = pause(this.connection, tried);
      const last = tried >= this.connection.retries;
      try {
        const response = await this.request(operation, url, deadline, body);
        const text = await response.text();
        if (response.ok) return JSON.parse(text === "" ? "null" : text) as Answer;
        if (last || !isRetried(response.status, this.connection)) {
          throw new RefusedError(operation, response.status, text);
        }
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        if (last)
          throw new Error(`${goName(operation)} "${url}": ${reason(error)}`, { cause: error });
      }
      if (Date.now() + wait > deadline) {
        throw new Error(`${goName(operation)} "${url}": context deadline exceeded`);
      }
      await setTimeout(wait);
    }
  }

  /** Converts an address that Grafana returns into the URL that users see. */
  address(path: string): string {
    const base = new URL(this.connection.url);
    const prefix = base.pathname.replace(/\/$/, "");
    const below = prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
    return base.origin + prefix + below;
  }

  private request(
    { method }: ApiOperation,
    url: string,
    deadline: number,
    body: object | undefined,
  ): Promise<Response> {
    const { auth } = this.connection;
    const authorization = auth.includes(":")
      ? `Basic ${Buffer.from(auth).toString("base64")}`
      : `Bearer ${auth}`;
    return fetch(url, {
      method,
      headers: { authorization, accept: "application/json", "content-type": "application/json" },
      signal: AbortSignal.timeout(Math.max(1, deadline - Date.now())),
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

/** The response; undefined if the object does not exist in Grafana. */
export async function ifKnown<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

/** Milliseconds to wait after `repeated` retries. */
export function pause({ retryWait }: Pick<Connection, "retryWait">, repeated: number): number {
  return retryWait === 0 ? 2000 * 2 ** repeated : retryWait * 1000;
}

/** The fields of an error response that the real client knows: it drops all others. */
function known(answer: string): string {
  if (!isJsonObject(answer)) return answer.trim();
  const { error, message, status } = JSON.parse(answer) as Record<string, unknown>;
  return goJson({ error, message, status });
}

function isRetried(status: number, { retryStatusCodes }: Connection): boolean {
  return retryStatusCodes.some((code) =>
    new RegExp(`^${code.replaceAll("x", "\\d")}$`).test(String(status)),
  );
}

/** The method as it appears in Go's errors: `Post`. */
function goName({ method }: ApiOperation): string {
  return method.charAt(0) + method.slice(1).toLowerCase();
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "context deadline exceeded";
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code, address, port } = cause as Error & NodeJS.ErrnoException & Record<string, unknown>;
  if (code === "ECONNREFUSED") {
    return `dial tcp ${String(address)}:${String(port)}: connect: connection refused`;
  }
  return code === "UND_ERR_SOCKET" ? "EOF" : cause.message;
}
