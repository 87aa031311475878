/** `docs/performance.md`: one section per part of the benchmark; only a run of that part rewrites it. */

/** The document with a section's text replaced or, if it has no such section, appended. */
export function withSection(document: string, title: string, text: string): string {
  const section = `## ${title}\n\n${text.trim()}\n`;
  const parts = document.split(/^(?=## )/m);
  const index = parts.findIndex((part) => part.startsWith(`## ${title}\n`));
  if (index < 0) return [document.trimEnd(), section].join("\n\n");
  return parts
    .with(index, section)
    .map((part) => part.trim())
    .join("\n\n")
    .concat("\n");
}
