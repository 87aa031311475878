/** The recordings as a table for people. */
import { incidentNames, readIncident } from "./timeline.ts";

/** Every recorded incident: what happens, on which server, and for how long. */
export function incidentsTable(): string {
  const rows = incidentNames().map((name) => {
    const { about, scrapes } = readIncident(name);
    const minutes = (scrapes.at(-1)?.at ?? 0) / 60;
    const cells = [`\`${name}\``, about.what, about.ranks, about.apiServers, about.vllm];
    return `| ${cells.join(" | ")} | ${minutes.toFixed(1)} min |`;
  });
  return [
    "| recording | what happens | ranks | API servers | vLLM | length |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
