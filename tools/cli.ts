import { Command } from "commander";
import { SettingsError } from "../settings.ts";
import { previewDashboards } from "./commands/dashboardsPreview.ts";
import { destroy } from "./commands/destroy.ts";
import { drill } from "./commands/drill.ts";
import { preview } from "./commands/preview.ts";
import { pulumi } from "./commands/pulumi.ts";
import { refresh } from "./commands/refresh.ts";
import { render } from "./commands/render.ts";
import { status } from "./commands/status.ts";
import { test } from "./commands/test.ts";
import { up } from "./commands/up.ts";
import { Failure } from "./failure.ts";
import { DockerUnavailableError } from "./setup/docker.ts";

const cli = new Command("vllm-observability").description(
  "Prometheus and Grafana for vLLM servers. Each command takes its options after --, as in: npm run up -- --stack prod",
);

/** A command on a stack. */
function stackCommand(name: string, description: string): Command {
  return cli
    .command(name)
    .description(description)
    .option("-s, --stack <name>", "the stack to act on (default: dev)")
    .option("--offline", "use the offline kit's plugins and images for this stack");
}

stackCommand("up", "bring a stack up, or to what its settings say")
  .option("-y, --yes", "agree to the deletion of volumes")
  .action(up);
stackCommand("preview", "say what up would change").action(preview);
stackCommand("refresh", "compare the state with what is there").action(refresh);
stackCommand("destroy", "remove a stack and its data")
  .option("-y, --yes", "do not ask")
  .action(destroy);
stackCommand("status", "say where a stack is found and how its targets do").action(status);
cli
  .command("render")
  .description("write the files that a stack would mount and register")
  .option("-s, --stack <name>", "the stack to render (default: dev)")
  .option("-o, --out <folder>", "where to write them", "rendered")
  .action(render);
cli
  .command("dashboards:preview")
  .description("draw a stack's boards in the browser, without Grafana")
  .option("-s, --stack <name>", "the stack whose boards to draw (default: dev)")
  .option("--prometheus <url>", "where their data comes from (default: the stack's own)")
  .option("-p, --port <port>", "port of the page on this machine", "3030")
  .action(previewDashboards);
cli
  .command("drill")
  .description("break a fake server and see that the right alert arrives")
  .argument("[name]", "the drill; without one they are listed")
  .action(drill);
cli
  .command("pulumi")
  .description("run the ordinary Pulumi CLI on this project")
  .argument("[args...]")
  .allowUnknownOption()
  .helpOption(false)
  .action(pulumi);
cli
  .command("test")
  .description("run the tests, level by level")
  .argument("[levels...]", "static, unit, prometheus, browser, e2e (default: all)")
  .action(test);

try {
  await cli.parseAsync();
} catch (error) {
  const expected =
    error instanceof Failure ||
    error instanceof SettingsError ||
    error instanceof DockerUnavailableError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = 1;
}
