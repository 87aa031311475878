import assert from "node:assert/strict";
import { it } from "node:test";
import { previewDashboards } from "../../../lab/commands/dashboardsPreview.ts";
import { startPrometheus } from "../page/fakePrometheus.ts";

it("says what to do if no Prometheus answers", async () => {
  await assert.rejects(previewDashboards({ prometheus: "http://127.0.0.1:1", port: "0" }), {
    message:
      "No Prometheus answers at http://127.0.0.1:1: check the address, and that this machine can reach it.",
  });
  await assert.rejects(previewDashboards({ prometheus: "gpu1:9090", port: "0" }), {
    message: '"gpu1:9090" is not a URL of a Prometheus, such as http://127.0.0.1:9090.',
  });
});

it("says what to do about a port that is in use", async (context) => {
  const { url } = await startPrometheus(context, () => []);
  for (const port of ["http", "65536", "1.5", "-1"]) {
    await assert.rejects(previewDashboards({ prometheus: url, port }), {
      message: `"${port}" is not a port: give a whole number from 1 to 65535, or 0 for any free port.`,
    });
  }
  const taken = new URL(url).port;
  await assert.rejects(
    previewDashboards({ prometheus: url, port: taken }),
    /Port \d+ cannot be used/,
  );
});
