import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";

/** What a request to the page's server is answered with. */
export interface HttpReply {
  status: number;
  contentType: string;
  body: string;
}

/** What the page's program imports by name, and where it is served. */
const IMPORTS = { uplot: "/preview/lib/uplot.js", marked: "/preview/lib/marked.js" };

const IMPORT_MAP = JSON.stringify({ imports: IMPORTS });

/**
 * What the page may do: run its own program and ask its own server, and nothing else. uPlot places
 * its parts by styles; the import map is the one script that stands in the page itself.
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

/** The page that draws whichever dashboard its address names. `banner` is HTML. */
export function pageFor(banner: string): HttpReply {
  const body = read("browser/page.html")
    .replace("<!-- imports -->", () => `<script type="importmap">${IMPORT_MAP}</script>`)
    .replace("<!-- banner -->", () => banner);
  return { status: 200, contentType: "text/html; charset=utf-8", body };
}

/** A file of the page's program, which is TypeScript without what a browser does not know. */
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

/** Files of packages, by the path at which they are served: in node_modules, and their type. */
const LIBRARIES: Record<string, [file: string, contentType: string]> = {
  [IMPORTS.uplot]: ["uplot/dist/uPlot.esm.js", JAVASCRIPT],
  "/preview/lib/uplot.css": ["uplot/dist/uPlot.min.css", STYLES],
  [IMPORTS.marked]: ["marked/lib/marked.esm.js", JAVASCRIPT],
};

/** The `node_modules` that a package is in. */
function packageFolder(file: string): string {
  const name = file.slice(0, file.indexOf("/"));
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return dirname(dirname(manifest));
}

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, file), "utf8");
}
