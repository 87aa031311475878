import { createHash } from "node:crypto";
import * as http from "node:http";
import { CONTENT_SECURITY_POLICY } from "../../page/assets.ts";
import { dashboardRoutes } from "./dashboards.ts";
import { dataSourceRoutes } from "./dataSources.ts";
import type { GrafanaSettings } from "./environment.ts";
import { folderRoutes } from "./folders.ts";
import { TRACED, type ApiAnswer, ApiError, findRoute, type ApiRoute, route } from "./http.ts";
import { log } from "./log.ts";
import { pageRoutes } from "./pages.ts";
import { hashPassword, isPassword } from "./password.ts";
import { queryRoutes } from "./queries.ts";
import { openStore, type Store } from "./store.ts";

/** The version that the stand-in reports: the version of the Grafana whose responses were recorded. */
const VERSION = "9.4.0";

/**
 * The part of Grafana's HTTP API that the stack uses, and pages for people. Everything that it
 * implements behaves as in Grafana.
 *
 * @throws if the data folder is not writable.
 */
export function createServer(settings: Omit<GrafanaSettings, "port">): http.Server {
  const store = open(settings);
  const isSignedIn = authentication(store);
  const publicRoutes = [health(settings.hideVersion)];
  const routes = [
    ...folderRoutes(store),
    ...dataSourceRoutes(store),
    ...queryRoutes(store),
    ...dashboardRoutes(store),
    ...pageRoutes(store),
  ];

  const answer = async (request: http.IncomingMessage): Promise<ApiAnswer> => {
    const { pathname, searchParams } = addressOf(request);
    const method = request.method ?? "GET";
    let found = findRoute(publicRoutes, method, pathname);
    if (!found) {
      requireSameOrigin(request);
      requireSignIn(isSignedIn(request.headers.authorization), pathname);
      found = findRoute(routes, method, pathname);
    }
    if (!found) throw new ApiError(404, "Not found");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return found.route.handler({
      params: found.params,
      query: searchParams,
      body: Buffer.concat(chunks),
    });
  };

  return http.createServer((request, response) => {
    const started = performance.now();
    void answer(request)
      .catch(answerError)
      .then((answered) => {
        send(answered, request, response);
        // Successes are not logged, as in Grafana: health checks alone would fill the log.
        if (response.statusCode < 400) return;
        log("info", "context", "Request Completed", {
          method: request.method ?? "",
          path: addressOf(request).pathname,
          status: response.statusCode,
          duration: `${(performance.now() - started).toFixed(1)}ms`,
        });
      });
  });
}

function addressOf(request: http.IncomingMessage): URL {
  return URL.parse(`http://grafana${request.url ?? "/"}`) ?? new URL("http://grafana/");
}

function answerError(error: unknown): ApiAnswer {
  if (error instanceof ApiError) return error.answer;
  log("error", "context", "Request error", { error: String(error) });
  return { status: 500, body: { message: "Internal Server Error" } };
}

function send(
  { status = 200, contentType = "application/json; charset=UTF-8", body }: ApiAnswer,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const isPage = !addressOf(request).pathname.startsWith("/api/");
  response.writeHead(status, {
    "content-type": contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    // Makes the browser ask for the password; Grafana shows a login page instead.
    ...(status === 401 &&
      isPage && { "www-authenticate": 'Basic realm="Grafana", charset="UTF-8"' }),
  });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function open({ dataDir, adminUser, adminPassword }: Omit<GrafanaSettings, "port">): Store {
  try {
    return openStore(dataDir, () => ({
      user: { login: adminUser, password: hashPassword(adminPassword) },
      lastId: 0,
      lastDataSourceId: 0,
      folders: [],
      dashboards: [],
      dataSources: [],
    }));
  } catch (error) {
    throw new Error(`GF_PATHS_DATA='${dataDir}' is not writable.`, { cause: error });
  }
}

/** Whether the credentials are correct; undefined if none were given. */
function authentication({ data: { user } }: Store): (header?: string) => boolean | undefined {
  // Checking a password is slow on purpose, so remember the digest of credentials that were correct.
  let known: string | undefined;
  return (header) => {
    const [, encoded] = /^Basic (.+)$/i.exec(header ?? "") ?? [];
    if (encoded === undefined) return undefined;
    const digest = createHash("sha256").update(encoded).digest("hex");
    if (digest === known) return true;
    const [login, ...rest] = Buffer.from(encoded, "base64").toString().split(":");
    if (login !== user.login || !isPassword(rest.join(":"), user.password)) return false;
    known = digest;
    return true;
  };
}

function requireSignIn(signedIn: boolean | undefined, path: string): void {
  if (signedIn) return;
  if (signedIn === undefined) throw new ApiError(401, "Unauthorized");
  log("error", "context", "Invalid username or password", { path });
  throw new ApiError(401, "invalid username or password", TRACED);
}

/** A browser also adds the password to requests from other sites' pages: these must change nothing. */
function requireSameOrigin({ method, headers: { origin, host } }: http.IncomingMessage): void {
  if (origin === undefined || method === "GET" || method === "HEAD") return;
  if (URL.parse(origin)?.host !== host) throw new ApiError(403, "origin not allowed");
}

function health(hideVersion: boolean): ApiRoute {
  const version = hideVersion ? {} : { commit: "stand-in", version: VERSION };
  return route("GET", "/api/health", () => ({ body: { ...version, database: "ok" } }));
}
