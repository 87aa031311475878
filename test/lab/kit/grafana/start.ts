import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createServer } from "../../../../lab/kit/grafana/standInServer.ts";

/** A stand-in that listens on a free port until the test ends. */
export interface Running {
  url: string;
  /** Sends a request as the administrator, unless other credentials (`user:password`, or `none`) are given. */
  send: (
    method: string,
    path: string,
    body?: unknown,
    credentials?: string,
  ) => Promise<{ status: number; body: unknown }>;
  stop: () => Promise<void>;
}

export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "vllm-observability-test-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export async function start(
  context: TestContext,
  { dataDir = temporaryFolder(context), adminPassword = "secret", hideVersion = false } = {},
): Promise<Running> {
  const server = createServer({ dataDir, adminUser: "admin", adminPassword, hideVersion });
  context.mock.method(console, "log", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
  context.after(stop);

  const send: Running["send"] = async (method, path, body, credentials = "admin:secret") => {
    const answer = await fetch(url + path, {
      method,
      headers: credentials === "none" ? {} : { authorization: basic(credentials) },
      ...(body !== undefined && {
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.includes("json");
    return { status: answer.status, body: json && text ? (JSON.parse(text) as unknown) : text };
  };
  return { url, send, stop };
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}
