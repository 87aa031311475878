import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, it } from "node:test";
import { DEMO_PAST, DEMO_PORTS, demoFleet } from "../../../lab/simulator/demo.ts";
import { DEMO_MAIN, demoFiles } from "../../../lab/simulator/files.ts";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import { fleetPage, sampleTotal } from "./pages.ts";

describe("the demo's files", () => {
  const files = demoFiles();

  it("are those that the program loads, and none from a package", () => {
    assert.ok(DEMO_MAIN in files);
    assert.ok("vllm/metric.ts" in files);
    for (const absent of [
      "vllm/index.ts",
      "lab/simulator/files.ts",
      "lab/simulator/serverSpec.ts",
    ]) {
      assert.ok(existsSync(new URL(`../../../${absent}`, import.meta.url)), absent);
      assert.ok(!(absent in files), absent);
    }
    for (const [file, text] of Object.entries(files)) {
      for (const [, type, from = ""] of text.matchAll(
        /^(?:import|export) (type )?[^;]*?from "([^"]+)";/gm,
      )) {
        if (type !== undefined || from.startsWith("node:")) continue;
        assert.ok(join(dirname(file), from) in files, `${file} imports ${from}`);
      }
    }
  });

  it("say that they are modules, since there is no other package.json", () => {
    assert.deepEqual(JSON.parse(files["package.json"] ?? ""), { type: "module" });
  });
});

describe("the demo", () => {
  const fleet = createFleet(demoFleet);
  const at = (seconds: number, name: string) => {
    fleet.advance(seconds);
    return fleet.names.map((server) =>
      fleet.exposition(server) === undefined
        ? undefined
        : sampleTotal(fleetPage(fleet, server), name),
    );
  };
  const busy = at(450, "vllm:num_requests_running");
  const calm = at(1350, "vllm:num_requests_running");
  const past = at(DEMO_PAST, "vllm:generation_tokens_total");
  const deploying = at(1720, "vllm:num_requests_running");

  it("has a port for each server, and a history when it starts", () => {
    assert.deepEqual(Object.keys(DEMO_PORTS), fleet.names);
    for (const tokens of past) assert.ok((tokens ?? 0) > 50_000);
  });

  it("alternates between busy and calm", () => {
    busy.forEach((running = 0, index) => {
      assert.ok(running > (calm[index] ?? Infinity), fleet.names[index]);
    });
  });

  it("redeploys one server", () => {
    const dead = fleet.names.filter((_, index) => deploying[index] === undefined);
    assert.deepEqual(dead, ["llama-b"]);
  });
});
