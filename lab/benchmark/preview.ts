/** What it costs to preview and to create a stack, by number of targets. */
import type { Report } from "../../tools/report.ts";
import type { PartOptions } from "./part.ts";
import type { CommandCost } from "./processTree.ts";
import { withStack } from "./stack.ts";
import { bytesText, measured, ratioText, secondsText } from "./statistics.ts";
import { table } from "./table.ts";

/** The measured numbers of targets. */
const TARGETS = [1, 100, 1_000, 10_000] as const;

/** The costs for one number of targets, one value per round. */
export interface TargetsCost {
  targets: number;
  preview: CommandCost[];
  up: CommandCost[];
  /** Size of the state, in bytes. */
  state: number;
}

/** Measures preview and up, and returns the text about them. */
export function measurePreview({ times }: PartOptions, report: Report): Promise<string> {
  return withStack(async (stack) => {
    const costs: TargetsCost[] = TARGETS.map((targets) => ({
      ...{ targets, preview: [], up: [], state: 0 },
    }));
    // The sizes alternate, so that a temporary load on the machine affects all of them.
    for (let time = 1; time <= times; time++) {
      for (const cost of costs) {
        await report.step(
          `Number of targets: ${cost.targets}, ${time} of ${times}`,
          async (update) => {
            stack.configure({ targets: targetsOf(cost.targets) });
            update("preview");
            cost.preview.push(await stack.run("preview"));
            update("up");
            cost.up.push(await stack.run("up"));
            cost.state = stack.stateSize();
            update("destroy");
            await stack.run("destroy");
          },
        );
      }
    }
    return previewText(costs, times);
  });
}

/** This many addresses where Prometheus's container refuses connections at once. */
export function targetsOf(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}:9`,
  );
}

/** The table: one row for each number of targets. */
export function previewText(costs: readonly TargetsCost[], times: number): string {
  const seconds = (all: readonly CommandCost[]) => measured(all.map(({ seconds }) => seconds));
  const memory = (all: readonly CommandCost[]) => measured(all.map(({ memory }) => memory));
  const [base] = costs;
  const cells = (which: "preview" | "up", cost: TargetsCost) => [
    secondsText(seconds(cost[which])),
    base === undefined ? "" : ratioText(seconds(cost[which]), seconds(base[which])),
    bytesText(memory(cost[which]).median),
  ];
  return [
    `Time of \`preview\` for a stack that does not exist and of \`up\` from nothing, the commands' own start included: median of ${times}, with the shortest and the longest; beside it, how many times that is of the first row, and the most memory that the command, the engine and the plugins had together. The plugins and Grafana are the offline kit's stand-ins. \`up\` waits up to 20 s until Prometheus has scraped each target; here all refuse the connection.`,
    table(
      ["targets", "preview", "ratio", "memory", "up", "ratio", "memory", "state"],
      costs.map((cost) => [
        cost.targets.toLocaleString("en"),
        ...cells("preview", cost),
        ...cells("up", cost),
        bytesText(cost.state),
      ]),
    ),
  ].join("\n\n");
}
