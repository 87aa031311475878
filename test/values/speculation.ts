/** What the dashboard `vLLM / Speculative decoding and LoRA` shows. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import type { FleetPart } from "./fleetPart.ts";

const byModel = ["model_name"];
const acceptance = (part: FleetPart): [number, number] => [
  part.rate(metrics.acceptedTokens),
  part.rate(metrics.draftTokens),
];
const length = (part: FleetPart) => {
  const accepted = is.share(part.rate(metrics.acceptedTokens), part.rate(metrics.drafts));
  return accepted === undefined ? undefined : 1 + accepted;
};

/** The adapters of a server that any request used in the last minute, as listed on the newest page. */
function adapters(
  part: FleetPart,
  list: "running_lora_adapters" | "waiting_lora_adapters",
): string[] {
  const recent = part
    .samples(metrics.loraRequests)
    .filter(({ sample }) => sample.value > part.time - 60)
    .flatMap(({ sample }) => sample.labels[list]?.split(",") ?? []);
  return [...new Set(recent)].filter((adapter) => adapter !== "");
}

const used = (list: Parameters<typeof adapters>[1]) =>
  is.value(metrics.loraRequests, ["instance"], (part) => adapters(part, list).length || undefined);

export const speculation: is.DashboardValues = {
  "Acceptance rate": [is.ratio(metrics.draftTokens, [], acceptance)],
  "Tokens per step": [is.value(metrics.drafts, [], length)],
  // The part consists of the servers that speculate; tokens of other servers do not count.
  "Output from drafts": [
    is.ratio(metrics.acceptedTokens, [], (part) => [
      part.rate(metrics.acceptedTokens),
      part.rate(metrics.generationTokens),
    ]),
  ],
  Drafts: [is.rate(metrics.drafts)],

  "Acceptance rate by model": [is.ratio(metrics.draftTokens, byModel, acceptance)],
  "Acceptance rate by position": [
    is.ratio(metrics.acceptedTokensByPosition, ["position"], (part) => [
      part.rate(metrics.acceptedTokensByPosition),
      part.rate(metrics.drafts),
    ]),
  ],
  "Tokens per step by model": [is.value(metrics.drafts, byModel, length)],
  "Guessed tokens": [
    is.rate(metrics.acceptedTokens),
    is.value(
      metrics.draftTokens,
      [],
      (part) => part.rate(metrics.draftTokens) - part.rate(metrics.acceptedTokens),
    ),
  ],

  "Adapters in use": [
    {
      by: ["instance", "adapter"],
      of: metrics.loraRequests,
      parts: (whole) =>
        whole
          .by(["instance"], metrics.loraRequests)
          .flatMap((part) =>
            adapters(part, "running_lora_adapters").map((adapter) => part.named({ adapter })),
          ),
      // In the simulator both lists are the same, and running adapters come first.
      value: () => 2,
    },
  ],
  "Adapters running and waiting": [used("running_lora_adapters"), used("waiting_lora_adapters")],
};
