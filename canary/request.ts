import { request as http, type IncomingMessage } from "node:http";
import { request as https } from "node:https";

/** A request of the canary: a GET unless it has a body, which is sent as JSON. */
export interface CanaryRequest {
  apiKey?: string | undefined;
  headers?: Record<string, string>;
  body?: unknown;
  /** Ends the request and the reading of its answer. */
  signal: AbortSignal;
}

/**
 * Sends a request and resolves with the head of the response. Each request opens a new connection:
 * the server may have closed a kept-alive one, and the canary would count that as a server failure.
 */
export function send(
  url: string,
  { apiKey, headers, body, signal }: CanaryRequest,
): Promise<IncomingMessage> {
  const method = body === undefined ? "GET" : "POST";
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    (url.startsWith("https:") ? https : http)(
      url,
      {
        agent: false,
        method,
        signal,
        headers: {
          ...headers,
          ...(text !== undefined && {
            "Content-Type": "application/json",
            "Content-Length": Buffer.byteLength(text),
          }),
          ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
        },
      },
      resolve,
    )
      .on("error", reject)
      .end(text);
  });
}

/** The body of a response with status 200; undefined for any other, and for none within `seconds`. */
export async function get(
  url: string,
  seconds: number,
  apiKey?: string,
): Promise<string | undefined> {
  try {
    const response = await send(url, { apiKey, signal: AbortSignal.timeout(seconds * 1000) });
    let text = "";
    response.setEncoding("utf8");
    for await (const chunk of response) text += String(chunk);
    return response.statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
