import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import prettierStyle from "../../.prettierrc.json" with { type: "json" };
import { DRILLS, type DrillName } from "../drills/faults.ts";
import { type Outcome, runDrill, TIME_SCALE } from "../drills/run.ts";
import { drillTable } from "../drills/table.ts";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";
import { report } from "../../tools/report.ts";

/**
 * Runs one fault drill for a person to watch, or `all`, whose table then becomes `docs/drills.md`. Needs
 * neither engine nor Docker.
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

function watch(name: DrillName): Promise<Outcome> {
  return runDrill(name, (line) => {
    report.say(line);
  });
}

/** The page for people, in the project's format. */
function drillDocument(table: string): Promise<string> {
  const text = [
    "# Fault drills",
    `Made by \`npm run drill -- all\`: each fault on a real Prometheus and a real Alertmanager that watch over a fake fleet, with the stack's own rules and routes. All windows and waiting times are ${Math.round(1 / TIME_SCALE)} times shorter than in earnest (\`alerting.timeScale\`), so that five minutes are 15 s; scrapes come every second.`,
    "*Told after* counts from the fault until a receiver has the message, *end told after* from the mend until it has the message that all is well again. Other alerts are those that the fault does not explain.",
    table,
  ].join("\n\n");
  return format(text, { parser: "markdown", ...prettierStyle });
}
