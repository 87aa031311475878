import { readFileSync } from "node:fs";
import { ALERT_NAMES } from "./alerts/names.ts";

/** The text of each alert's runbook, as Markdown, by the alert's name: `docs/runbooks/<alert>.md`. */
export function runbooks(): Record<string, string> {
  return Object.fromEntries(
    ALERT_NAMES.map((name) => [
      name,
      readFileSync(new URL(`../../docs/runbooks/${name}.md`, import.meta.url), "utf8"),
    ]),
  );
}
