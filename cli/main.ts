import { Command } from "commander";
import { Interrupted } from "./stack/interruption.ts";
import { SettingsError } from "../settings.ts";
import { Failure } from "../tools/failure.ts";
import { report } from "../tools/report.ts";

const cli = new Command("npm run")
  .usage("COMMAND -- [options]")
  .description("Prometheus and Grafana for vLLM servers.");

/** A command on a stack. */
function stackCommand(name: string, description: string): Command {
  return cli
    .command(name)
    .usage("-- [options]")
    .description(description)
    .option("-s, --stack <name>", "the stack to act on (default: dev)")
    .option("--offline", "use the offline kit's plugins and images for this stack")
    .option("-y, --yes", "delete data, or install Docker, without asking");
}

stackCommand("up", "create a stack, or update it to its settings").action(
  onStack(async () => (await import("./commands/up.ts")).up),
);
stackCommand("preview", "show what up would change").action(
  onStack(async () => (await import("./commands/preview.ts")).preview),
);
stackCommand("refresh", "update the state from the real resources").action(
  onStack(async () => (await import("./commands/refresh.ts")).refresh),
);
stackCommand("destroy", "remove a stack and its data").action(
  onStack(async () => (await import("./commands/destroy.ts")).destroy),
);
stackCommand("status", "show a stack's URLs and the health of its targets").action(
  onStack(async () => (await import("./commands/status.ts")).status),
);
cli
  .command("render")
  .usage("-- [options]")
  .description("write the configuration files and dashboards of a stack")
  .option("-s, --stack <name>", "the stack to render (default: dev)")
  .option("-o, --out <folder>", "where to write them", "rendered")
  .action(lazily(async () => (await import("./commands/render.ts")).render));
cli
  .command("dashboards:preview")
  .usage("-- [options]")
  .description("draw a stack's dashboards in the browser, without Grafana")
  .option("-s, --stack <name>", "the stack whose dashboards to draw (default: dev)")
  .option("--prometheus <url>", "URL of the Prometheus to query (default: the stack's own)")
  .option("-p, --port <port>", "port of the page on this machine", "3030")
  .action(
    lazily(async () => (await import("../lab/commands/dashboardsPreview.ts")).previewDashboards),
  );
cli
  .command("drill")
  .usage("-- [name]")
  .description("break a fake server and check that the right alert arrives")
  .argument("[name]", "the drill, or all; left out: list the drills")
  .action(lazily(async () => (await import("../lab/commands/drill.ts")).drill));
cli
  .command("bench")
  .usage("-- [parts...] [options]")
  .description("measure dashboards, rules and commands, and write docs/performance.md")
  .argument("[parts...]", "dashboards, rules, ingest, preview, deployment (default: all)")
  .option("--engines <sizes>", "sizes of the fleet, as in 1,100 (default: 1,50,100,500)")
  .option("--times <count>", "how often each thing is measured", "5")
  .option("--dashboard <name>", "measure one dashboard, by title or uid, and list its panels")
  .option("--beside <folder>", "also measure another project's dashboards: a folder of JSON files")
  .action(lazily(async () => (await import("../lab/commands/bench.ts")).bench));
cli
  .command("record")
  .usage("-- --scenario <name>")
  .description("record an incident of a real vLLM server")
  .option("--scenario <name>", "the scenario, or all; left out: list the scenarios")
  .option("--python <path>", "a Python that has vLLM (default: installs one, about 6 GB)")
  .option("--out <folder>", "folder to write to (default: the project's own recordings)")
  .action(lazily(async () => (await import("../lab/commands/record.ts")).recordIncidents));
cli
  .command("pulumi")
  .description("run the ordinary Pulumi CLI on this project")
  .argument("[args...]")
  .allowUnknownOption()
  .helpOption(false)
  .action(lazily(async () => (await import("./commands/pulumi.ts")).pulumi));
cli
  .command("test")
  .usage("-- [levels...]")
  .description("run the tests, level by level")
  .argument("[levels...]", "static, unit, prometheus, browser, e2e (default: all)")
  .action(lazily(async () => (await import("./commands/test.ts")).test));

/** Loads a command on a stack when it is called. The command may start the offline kit. */
function onStack<Options extends object>(
  load: () => Promise<(options: Options & { startKit: typeof startKit }) => unknown>,
): (options: Options) => Promise<void> {
  return async (options) => {
    const command = await load();
    await command({ ...options, startKit });
  };
}

async function startKit(usedTags: string[]) {
  const kit = await import("../lab/kit/index.ts");
  return kit.startKit(usedTags, report);
}

/** Loads a command's module when it is called: loading Pulumi's SDK takes half a second. */
function lazily<Args extends unknown[]>(
  load: () => Promise<(...args: Args) => unknown>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const command = await load();
    await command(...args);
  };
}

// A reader that exits early, such as head, must not end the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  await cli.parseAsync();
} catch (error) {
  const expected = error instanceof Failure || error instanceof SettingsError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
}
