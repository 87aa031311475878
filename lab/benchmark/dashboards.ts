/** What it costs Prometheus when someone opens a dashboard, for several fleet sizes. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import { Failure } from "../../tools/failure.ts";
import type { Report } from "../../tools/report.ts";
import type { DashboardModel } from "../page/dashboardModel.ts";
import type { DataSource } from "../page/prometheus.ts";
import { withFleet } from "./data.ts";
import { enginesText, fleetSettings, SCRAPE } from "./fleet.ts";
import { HOUR } from "./history.ts";
import { loadDashboard, type LoadCost } from "./load.ts";
import type { PartOptions } from "./part.ts";
import { requestsOf } from "./requests.ts";
import { countText, measured, secondsText, type Measured } from "./statistics.ts";
import { table } from "./table.ts";

/** The costs of one dashboard at one size. */
interface DashboardCost {
  title: string;
  engines: number;
  open: RowsCost;
  /** Including the rows that are initially collapsed; undefined if there are none. */
  all: RowsCost | undefined;
}

interface RowsCost {
  load: LoadCost;
  seconds: Measured;
}

/** Measures the dashboards and returns the text about them. */
export async function measureDashboards(options: PartOptions, report: Report): Promise<string> {
  const { sizes, dashboard: only } = options;
  const costs: DashboardCost[] = [];
  for (const engines of sizes) {
    const found = await withFleet({ engines, histograms: "classic" }, report, (url) =>
      measureAll(url, { ...options, engines }, report),
    );
    costs.push(...found);
  }
  const text = dashboardsText(costs, options);
  return only === undefined ? text : `${text}\n\n${panelsText(costs)}`;
}

async function measureAll(
  url: string,
  { engines, times, dashboard: only, beside }: PartOptions & { engines: number },
  report: Report,
): Promise<DashboardCost[]> {
  const dashboards = [...ownDashboards(engines), ...dashboardsIn(beside)];
  const wanted = dashboards.filter(
    ({ uid, title }) => only === undefined || [uid, title].includes(only),
  );
  if (wanted.length === 0) {
    const titles = dashboards.map(({ title }) => title);
    throw new Failure(`There is no dashboard "${only ?? ""}": name one of ${titles.join(", ")}.`);
  }
  const costs: DashboardCost[] = [];
  for (const one of wanted) {
    const cost = await report.step(`${one.title} with ${enginesText(engines)}`, (update) =>
      measureDashboard(url, one, { times, engines, update }),
    );
    costs.push(cost);
  }
  // Runbook dashboards send no queries.
  return costs.filter(({ open }) => open.load.queries > 0);
}

async function measureDashboard(
  url: string,
  dashboard: DashboardModel,
  args: { times: number; engines: number; update: (detail: string) => void },
): Promise<DashboardCost> {
  const { times, engines, update } = args;
  const dataSource: DataSource = {
    ...{ uid: "prometheus", name: "Prometheus", type: "prometheus", url, isDefault: true },
    jsonData: { timeInterval: `${SCRAPE}s` },
  };
  const { variables, open, closed } = await requestsOf(dashboard, dataSource, HOUR);
  const repeated = async (panels: typeof open): Promise<RowsCost> => {
    // The first load brings the data into memory.
    const load = await loadDashboard(url, { variables, panels });
    const loads: LoadCost[] = [];
    for (let time = 1; time <= times; time++) {
      update(`${panels.length} panels, ${time} of ${times}`);
      loads.push(await loadDashboard(url, { variables, panels }));
    }
    const [usual = load] = loads.toSorted((a, b) => a.seconds - b.seconds).slice(times / 2);
    return { load: usual, seconds: measured(loads.map(({ seconds }) => seconds)) };
  };
  return {
    ...{ title: dashboard.title, engines },
    open: await repeated(open),
    all: closed.length === 0 ? undefined : await repeated([...open, ...closed]),
  };
}

function ownDashboards(engines: number): DashboardModel[] {
  const { json } = planStack(fleetSettings(engines), demo).monitoring.dashboards;
  return Object.values(json).map((text) => JSON.parse(text) as DashboardModel);
}

/** The dashboards of another project, in the files of a folder. */
function dashboardsIn(folder: string | undefined): DashboardModel[] {
  if (folder === undefined) return [];
  const files = readdirSync(resolve(folder)).filter((file) => file.endsWith(".json"));
  if (files.length === 0) throw new Failure(`The folder ${folder} has no JSON files.`);
  return files.map((file) => {
    const dashboard = JSON.parse(
      readFileSync(join(resolve(folder), file), "utf8"),
    ) as DashboardModel;
    return { ...dashboard, title: `vLLM's own: ${dashboard.title} (\`${file}\`)` };
  });
}

/** The tables: one row for each dashboard, one column for each size. */
function dashboardsText(costs: DashboardCost[], { times }: PartOptions): string {
  const sizes = [...new Set(costs.map(({ engines }) => engines))];
  const titles = [...new Set(costs.map(({ title }) => title))];
  const engines = sizes.map(enginesText);
  const rows = (cell: (cost: DashboardCost) => string) =>
    titles.map((title) => [
      title,
      ...sizes.map((size) => {
        const cost = costs.find((one) => one.title === title && one.engines === size);
        return cost ? cell(cost) : "";
      }),
    ]);
  const slowest = ({ load }: RowsCost) => {
    const [panel] = load.panels.toSorted((a, b) => b.seconds - a.seconds);
    if (!panel) return "";
    return `${panel.title}: ${panel.seconds.toFixed(2)} s, ${countText(panel.samples)}`;
  };
  const whole = ({ open, all = open }: DashboardCost) => all;
  return [
    `Time from the first query to the last answer when a dashboard is opened: median of ${times}, with the shortest and the longest.`,
    table(
      ["dashboard", ...engines],
      rows(({ open }) => secondsText(open.seconds)),
    ),
    "Samples that its queries read:",
    table(
      ["dashboard", ...engines],
      rows(({ open }) => `${countText(open.load.samples)} in ${open.load.queries} queries`),
    ),
    "The panel that is waited for longest, while the others load too:",
    table(
      ["dashboard", ...engines],
      rows(({ open }) => slowest(open)),
    ),
    "With all rows open:",
    table(
      ["dashboard", ...engines],
      rows((cost) => {
        const { load, seconds } = whole(cost);
        return `${secondsText(seconds)}, ${countText(load.samples)} in ${load.queries} queries`;
      }),
    ),
  ].join("\n\n");
}

/** Every panel of the dashboards at each size; the panels that read most come first. */
function panelsText(costs: DashboardCost[]): string {
  return costs
    .map(({ engines, title, open, all = open }) =>
      [
        `${title} with ${enginesText(engines)}, each panel:`,
        table(
          ["panel", "queries", "samples", "seconds"],
          all.load.panels
            .toSorted((a, b) => b.samples - a.samples)
            .map((panel) => [
              panel.title,
              String(panel.queries),
              countText(panel.samples),
              panel.seconds.toFixed(3),
            ]),
        ),
      ].join("\n\n"),
    )
    .join("\n\n");
}
