import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import packages from "../../package.json" with { type: "json" };
import prettierStyle from "../../.prettierrc.json" with { type: "json" };
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";
import { report, type Report } from "../../tools/report.ts";
import { measureDashboards } from "../benchmark/dashboards.ts";
import { measureDeployment } from "../benchmark/deployment.ts";
import { withSection } from "../benchmark/document.ts";
import { SIZES } from "../benchmark/fleet.ts";
import { measureIngest } from "../benchmark/ingest.ts";
import { machineText } from "../benchmark/machine.ts";
import type { PartOptions } from "../benchmark/part.ts";
import { measureRules } from "../benchmark/rules.ts";
import { measurePreview } from "../benchmark/preview.ts";
import { PROMETHEUS_TITLE } from "../kit/images/index.ts";

export interface BenchOptions {
  /** Sizes of the fleet, separated by commas. */
  engines?: string;
  times: string;
  dashboard?: string;
  beside?: string;
}

/** The parts of the benchmark, in the order of the document. */
const PARTS: Record<string, Part> = {
  dashboards: {
    title: "Dashboards",
    programs: [PROMETHEUS_TITLE],
    measure: measureDashboards,
  },
  rules: {
    title: "Rules",
    programs: [PROMETHEUS_TITLE],
    measure: measureRules,
  },
  ingest: {
    title: "Ingest",
    programs: [PROMETHEUS_TITLE],
    measure: measureIngest,
  },
  preview: {
    title: "Preview and up",
    programs: [`Pulumi ${packages.dependencies["@pulumi/pulumi"]}`, PROMETHEUS_TITLE],
    measure: measurePreview,
  },
  deployment: {
    title: "Deployment",
    programs: [`Pulumi ${packages.dependencies["@pulumi/pulumi"]}`, PROMETHEUS_TITLE],
    measure: measureDeployment,
  },
};

interface Part {
  /** The title of its section in the document. */
  title: string;
  /** The measured programs, with their versions. */
  programs: readonly string[];
  measure: (options: PartOptions, report: Report) => Promise<string>;
}

/**
 * Measures the named parts, or all, and prints their tables. A part that is measured in full, and not at
 * other sizes or for one dashboard, also becomes a section of `docs/performance.md`.
 */
export async function bench(names: string[], given: BenchOptions): Promise<void> {
  const parts = (names.length === 0 ? Object.keys(PARTS) : names).map(partCalled);
  const options = partOptions(given);
  const isFull = given.engines === undefined && given.dashboard === undefined;
  for (const { title, programs, measure } of parts) {
    const machine = machineText(programs);
    const text = `${machine}\n\n${await measure(options, report)}`;
    console.log(await formatted(`## ${title}\n\n${text}`));
    if (isFull) await writeSection(title, text);
  }
}

function partCalled(name: string): Part {
  const part = PARTS[name];
  if (part) return part;
  throw new Failure(
    `The benchmark has no part "${name}": name one or some of ${Object.keys(PARTS).join(", ")}, or none for all.`,
  );
}

function partOptions({ engines, times, dashboard, beside }: BenchOptions): PartOptions {
  return {
    ...{ dashboard, beside },
    sizes: engines === undefined ? SIZES : engines.split(",").map((one) => count("engines", one)),
    times: count("times", times),
  };
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Failure(`--${option} ${text} is not a count: give a whole number from 1 on.`);
}

async function writeSection(title: string, text: string): Promise<void> {
  const file = join(ROOT, "docs/performance.md");
  const before = existsSync(file) ? readFileSync(file, "utf8") : INTRODUCTION;
  writeFileSync(file, await formatted(withSection(before, title, text)));
}

function formatted(markdown: string): Promise<string> {
  return format(markdown, { parser: "markdown", ...prettierStyle });
}

const INTRODUCTION = `# Performance

Measured with \`npm run bench\`, which writes this page: a part of it, such as \`npm run bench -- dashboards\`, rewrites its section. Figures depend on the machine; compare those of one table with each other.
`;
