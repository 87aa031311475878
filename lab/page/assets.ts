import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";

/** The response to a request to the page's server. */
export interface HttpReply {
  status: number;
  contentType: string;
  body: string;
}

/** The packages that the page's program imports by name, and the paths at which they are served. */
const IMPORTS = { uplot: "/preview/lib/uplot.js", marked: "/preview/lib/marked.js" };

const IMPORT_MAP = JSON.stringify({ imports: IMPORTS });

/**
 * The page may only run its own program and send requests to its own server. uPlot positions its
 * parts with inline styles. The import map is the only inline script of the page.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash("sha256").update(IMPORT_MAP).digest("base64")}'`,
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The page that draws the dashboard that its address names. `banner` is HTML. */
export function pageFor(banner: string): HttpReply {
  const body = read("browser/page.html")
    .replace("<!-- imports -->", () => `<script type="importmap">${IMPORT_MAP}</script>`)
    .replace("<!-- banner -->", () => banner);
  return { status: 200, contentType: "text/html; charset=utf-8", body };
}

/** A file of the page's program: TypeScript, with everything removed that a browser does not know. */
export function asset(path: string): HttpReply | undefined {
  const library = LIBRARIES[path];
  if (library) {
    const [file, contentType] = library;
    return {
      status: 200,
      contentType,
      body: readFileSync(join(packageFolder(file), file), "utf8"),
    };
  }
  const [, file] = /^\/preview\/((?:browser|data)\/\w+\.(?:ts|css))$/.exec(path) ?? [];
  if (file === undefined) return undefined;
  try {
    const text = read(file);
    return file.endsWith(".ts")
      ? { status: 200, contentType: JAVASCRIPT, body: stripTypeScriptTypes(text) }
      : { status: 200, contentType: STYLES, body: text };
  } catch {
    return undefined;
  }
}

const JAVASCRIPT = "text/javascript; charset=utf-8";
const STYLES = "text/css; charset=utf-8";

/** Files of packages, keyed by the path at which they are served: path in node_modules, and type. */
const LIBRARIES: Record<string, [file: string, contentType: string]> = {
  [IMPORTS.uplot]: ["uplot/dist/uPlot.esm.js", JAVASCRIPT],
  "/preview/lib/uplot.css": ["uplot/dist/uPlot.min.css", STYLES],
  [IMPORTS.marked]: ["marked/lib/marked.esm.js", JAVASCRIPT],
};

/** The `node_modules` folder that contains a package. */
function packageFolder(file: string): string {
  const name = file.slice(0, file.indexOf("/"));
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return dirname(dirname(manifest));
}

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, file), "utf8");
}
