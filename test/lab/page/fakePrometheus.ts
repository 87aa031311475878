import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/**
 * A server that answers like Prometheus. `answer` decides the answer to each query: an error, or a list
 * of series with labels and values. Returns the server's URL and the requests that it received.
 */
export async function startPrometheus(
  context: TestContext,
  answer: (query: string) => { labels: Record<string, string>; value: string }[] | string,
): Promise<{ url: string; requests: { path: string; parameters: URLSearchParams }[] }> {
  const requests: { path: string; parameters: URLSearchParams }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://prometheus");
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const parameters = body ? new URLSearchParams(body) : url.searchParams;
      requests.push({ path: url.pathname, parameters });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(data(url.pathname, parameters)));
    });
  });

  const data = (path: string, parameters: URLSearchParams) => {
    if (path.endsWith("/values")) return { status: "success", data: ["a", "b"] };
    const series = answer(parameters.get("query") ?? "");
    if (typeof series === "string")
      return { status: "error", errorType: "bad_data", error: series };
    const time = Number(parameters.get("time") ?? parameters.get("end"));
    const result = series.map(({ labels, value }) =>
      path.endsWith("query_range")
        ? {
            metric: labels,
            values: [
              [time - 60, value],
              [time, value],
            ],
          }
        : { metric: labels, value: [time, value] },
    );
    return { status: "success", data: { resultType: "vector", result } };
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
