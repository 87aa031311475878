/**
 * Each panel shows the right number: its queries, as Grafana sends them, are answered by a real
 * Prometheus that scraped a fake fleet, and compared with what really happened in that fleet.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { boards } from "../dashboards/boards.ts";
import { askedPanels } from "./asked.ts";
import { assertNumbers, compare } from "./compare.ts";
import { END, fleetOfAllKinds } from "./fleet.ts";
import { gpuHistory } from "./gpu.ts";
import { recordHistory } from "./history.ts";
import { values } from "./index.ts";
import { Part, type Lived, type Values } from "./part.ts";
import { scrapeAll, type Scraped } from "./scraped.ts";

/** What a reader chooses; the rest is All. */
const CHOICES: Record<string, { model?: string; instance?: string }> = {
  "all servers": {},
  "one model": { model: "llama" },
  "one instance": { instance: "coder" },
  "an idle model": { model: "unused" },
};

/** A moment that soon comes: queries of it find what Prometheus itself has seen until then. */
const TIME = Math.ceil(Date.now() / 1000) + 200;

const fleet = fleetOfAllKinds(TIME - END);
const histories = recordHistory(fleet).set("gpu", gpuHistory(fleet.epoch));
const lived: Lived = { fleet, histories };
const engines = [...histories.keys()].filter((name) => name !== "router");

for (const histograms of ["classic", "native"] as const) {
  describe(`with ${histograms} histograms`, () => {
    let prometheus: Scraped;
    before(async () => {
      const targets = [...histories].map(
        ([name, { job, text, last }]) => [name, { job, past: text, now: last }] as const,
      );
      prometheus = await scrapeAll(new Map(targets), histograms, TIME);
    });
    after(async () => {
      await prometheus.stop();
    });

    for (const board of boards({ histograms })) {
      const known = values[board.title];
      const variables = new Set(board.templating.list.map(({ name }) => name));
      for (const [choice, { model, instance }] of Object.entries(CHOICES)) {
        if (choice !== "all servers" && !variables.has("model_name")) continue;
        if (instance !== undefined && !variables.has("instance")) continue;
        describe(`the board ${board.title}, of ${choice}`, () => {
          for (const { title, window, queries } of askedPanels(board)) {
            it(title, async () => {
              const expected = known?.[title];
              assert.ok(expected, `Say in test/values what the panel "${title}" should show.`);
              const answers = await Promise.all(
                queries({
                  ...(model !== undefined && { model_name: model }),
                  ...(instance !== undefined && {
                    instance: prometheus.addresses.get(instance) ?? "",
                  }),
                }).map((query) =>
                  "reason" in expected ? prometheus.queryNow(query) : prometheus.query(query),
                ),
              );
              for (const answer of answers) assertNumbers(answer);
              if ("reason" in expected) {
                if (choice !== "all servers") return;
                const has = answers.some((answer) => answer.length > 0);
                assert.equal(has ? "data" : "nothing", expected.gives);
                return;
              }
              assert.equal(answers.length, expected.length, "Another number of queries.");
              const servers = instance === undefined ? engines : [instance];
              for (const [index, one] of expected.entries()) {
                const labels: Values =
                  model === undefined || one.anyModel ? {} : { model_name: model };
                const whole = new Part(lived, servers, labels, window);
                compare(one, whole, answers[index] ?? [], prometheus.names);
              }
            });
          }
        });
      }
    }
  });
}
