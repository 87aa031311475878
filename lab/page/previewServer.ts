import { createServer, type Server } from "node:http";
import { CONTENT_SECURITY_POLICY } from "./assets.ts";
import { answer, type PreviewData } from "./routes.ts";

/**
 * A server for the page that draws dashboards. `/` leads to the first dashboard. It answers only GET
 * requests whose Host names this machine, so that a page of another site cannot read through it.
 */
export function previewServer(shown: PreviewData): Server {
  return createServer((request, response) => {
    const url = URL.parse(`http://preview${request.url ?? "/"}`) ?? new URL("http://preview/");
    const headers = {
      "cache-control": "no-store",
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "x-content-type-options": "nosniff",
    };
    const refuse = (status: number, text: string) => {
      response.writeHead(status, { ...headers, "content-type": "text/plain; charset=utf-8" });
      response.end(`${text}\n`);
    };
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) {
      refuse(403, "Open it by its own address, 127.0.0.1 or localhost.");
      return;
    }
    if (request.method !== "GET") {
      refuse(405, "Only GET is answered.");
      return;
    }
    if (url.pathname === "/") {
      response.writeHead(302, { ...headers, location: `/d/${shown.dashboards[0]?.uid ?? ""}` });
      response.end();
      return;
    }
    answer(url.pathname, url.searchParams, shown).then(
      (found) => {
        if (!found) {
          refuse(404, "There is nothing here.");
          return;
        }
        response.writeHead(found.status, { ...headers, "content-type": found.contentType });
        response.end(found.body);
      },
      (error: unknown) => {
        refuse(500, String(error));
      },
    );
  });
}
