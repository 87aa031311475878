import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import prettierStyle from "../../.prettierrc.json" with { type: "json" };
import { DRILLS, type DrillName } from "../drills/faults.ts";
import { type DrillOutcome, runDrill, TIME_SCALE } from "../drills/drillRun.ts";
import { drillTable } from "../drills/drillTable.ts";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";
import { report } from "../../tools/report.ts";

/**
 * Runs one fault drill for a person to watch, or `all`, which also writes its table to `docs/drills.md`.
 * Needs neither engine nor Docker.
 */
export async function drill(name: string | undefined): Promise<void> {
  if (name === "all") {
    const outcomes = [];
    for (const one of Object.keys(DRILLS) as DrillName[]) outcomes.push(await watch(one));
    const table = drillTable(outcomes);
    writeFileSync(join(ROOT, "docs/drills.md"), await drillDocument(table));
    console.log(table);
    return;
  }
  if (name === undefined || !(name in DRILLS)) {
    const list = Object.entries(DRILLS).map(([key, { what }]) => `  ${key.padEnd(10)} ${what}`);
    throw new Failure(`Name one of the drills, as in: npm run drill -- kill\n\n${list.join("\n")}`);
  }
  console.log(drillTable([await watch(name as DrillName)]));
}

function watch(name: DrillName): Promise<DrillOutcome> {
  return runDrill(name, (line) => {
    report.say(line);
  });
}

/** The human-readable page, in the project's format. */
function drillDocument(table: string): Promise<string> {
  const text = [
    "# Fault drills",
    `Measured with \`npm run drill -- all\`: each fault is injected into a simulated fleet, which a real Prometheus and a real Alertmanager monitor with the stack's rules and routes. All windows and waiting times are ${Math.round(1 / TIME_SCALE)} times shorter than in operation (\`alerting.timeScale\`), so five minutes take 15 s. The scrape interval is one second.`,
    "*Notified after* is the time from the fault to the notification, *resolved after* the time from the end of the fault to the resolved notification. Other alerts are alerts that the fault does not explain.",
    table,
  ].join("\n\n");
  return format(text, { parser: "markdown", ...prettierStyle });
}
