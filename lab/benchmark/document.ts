/** `docs/performance.md`: one section for each part, which only a run of that part rewrites. */

/** The document with a section's text replaced or, where it has no such section, appended. */
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
