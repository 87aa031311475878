/** How long a stack takes to create, to change and to remove, compared with a Docker Compose baseline. */
import type { Report } from "../../tools/report.ts";
import { measureComposeBaseline } from "./composeBaseline.ts";
import type { PartOptions } from "./part.ts";
import { type BenchmarkStack, withStack } from "./stack.ts";
import { measured, ratioText, secondsText } from "./statistics.ts";
import { table } from "./table.ts";

/** Seconds of each step, one value per round. */
export type StepSeconds = Record<Step | "composeUp" | "composeDown", number[]>;

type Step = keyof typeof STEPS;

/** The settings that differ from the previous step, and the command. */
const STEPS = {
  create: { title: "`up` from nothing", command: "up", changes: {} },
  nothing: { title: "`up` with no change", command: "up", changes: {} },
  target: {
    title: "`up`, one target changed",
    command: "up",
    changes: { targets: ["127.0.0.2:9090"] },
  },
  // The only dashboard that shows this threshold is the Overview.
  dashboard: {
    title: "`up`, one dashboard changed",
    command: "up",
    changes: { thresholds: { queueShare: { warning: 0.2, critical: 0.4 } } },
  },
  remove: { title: "`destroy`", command: "destroy", changes: {} },
} as const;

/** Measures the deployment and returns the text about it. */
export function measureDeployment({ times }: PartOptions, report: Report): Promise<string> {
  return withStack(async (stack) => {
    const seconds: StepSeconds = {
      ...{ create: [], nothing: [], target: [], dashboard: [], remove: [] },
      ...{ composeUp: [], composeDown: [] },
    };
    for (let time = 1; time <= times; time++) {
      await report.step(`Deployment, ${time} of ${times}`, (update) =>
        measureRound(stack, seconds, update),
      );
    }
    return deploymentText(seconds, times);
  });
}

async function measureRound(
  stack: BenchmarkStack,
  seconds: StepSeconds,
  update: (detail: string) => void,
): Promise<void> {
  // The target is Prometheus itself, which is up: for a target that is down, `up` waits for another scrape.
  let settings: Record<string, unknown> = { targets: ["prometheus:9090"] };
  update("Compose baseline");
  const { up, down } = await measureComposeBaseline(stack.configure(settings));
  seconds.composeUp.push(up);
  seconds.composeDown.push(down);
  for (const [step, { title, command, changes }] of Object.entries(STEPS)) {
    settings = { ...settings, ...changes };
    stack.configure(settings);
    update(title);
    seconds[step as Step].push((await stack.run(command)).seconds);
  }
}

/** The table: one row for each step. */
export function deploymentText(seconds: StepSeconds, times: number): string {
  const up = measured(seconds.composeUp);
  const down = measured(seconds.composeDown);
  const steps = Object.entries(STEPS).map(([step, { title, command }]) => {
    const found = measured(seconds[step as Step]);
    return [title, secondsText(found), ratioText(found, command === "destroy" ? down : up)];
  });
  return [
    `Time of the project's commands, their own start included, and its ratio to the Compose baseline: to its start, or for \`destroy\` to its removal. Median of ${times}, with the shortest and the longest. The baseline starts the same images through Docker's API, waits for Grafana, and registers the data source and the same dashboards with a script. It stands in for Docker Compose, whose own start is not counted. The plugins and Grafana are the offline kit's stand-ins: a real Grafana starts more slowly in both.`,
    table(
      ["step", "time", "ratio"],
      [
        ["Compose baseline, start", secondsText(up), ratioText(up, up)],
        ["Compose baseline, removal", secondsText(down), ratioText(down, down)],
        ...steps,
      ],
    ),
  ].join("\n\n");
}
