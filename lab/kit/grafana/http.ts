/** The parts of a request that a handler gets. */
export interface ApiRequest {
  /** The parts of the path that the route names; `*` is the rest of the path. */
  params: Record<string, string>;
  query: URLSearchParams;
  body: Buffer;
}

/**
 * A handler's response: JSON, unless the handler sets another type and returns the text itself.
 * Without a body the response is empty.
 */
export interface ApiAnswer {
  status?: number;
  contentType?: string;
  body?: unknown;
}

export interface ApiRoute {
  method: string;
  path: RegExp;
  handler: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;
}

/** A route. In `path`, `:name` matches one part, and `*` at the end matches the rest of the path. */
export function route(method: string, path: string, handler: ApiRoute["handler"]): ApiRoute {
  const pattern = path.replace(/:(\w+)/g, "(?<$1>[^/]+)").replace(/\*$/, "(?<rest>.*)");
  return { method, path: new RegExp(`^${pattern}$`), handler };
}

/** The first route for a request, and the named parts of its path. */
export function findRoute(
  routes: ApiRoute[],
  method: string,
  path: string,
): { route: ApiRoute; params: Record<string, string> } | undefined {
  for (const candidate of routes) {
    const match = candidate.path.exec(path);
    if (!match || candidate.method !== method) continue;
    const groups = Object.entries(match.groups ?? {});
    return {
      route: candidate,
      params: Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)])),
    };
  }
  return undefined;
}

/**
 * An error response in Grafana's format: a message, and for some errors more fields. Often that is a
 * trace id, which is empty if tracing is off.
 */
export class ApiError extends Error {
  readonly answer: ApiAnswer;

  constructor(status: number, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.answer = { status, body: { ...more, message } };
  }
}

/** The field that Grafana adds to the errors that it also logs. */
export const TRACED = { traceID: "" };

/** The body as a JSON object. @throws ApiError 400 for anything else, as Grafana does. */
export function jsonBody(request: ApiRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(request.body.toString());
    if (isObject(value)) return value;
  } catch {
    // Not JSON: gets the same response as JSON of another shape.
  }
  throw new ApiError(400, "bad request data", TRACED);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text field of a JSON object; `otherwise` if it is missing or not text. */
export function text(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

/** The time as Grafana writes it into JSON. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** A title in the form used in URLs. */
export function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
