import assert from "node:assert/strict";
import { it } from "node:test";
import { deploymentText } from "../../../lab/benchmark/deployment.ts";

it("compares each up with the baseline's start, and destroy with the baseline's removal", () => {
  const text = deploymentText(
    {
      ...{ composeUp: [2, 4, 3], composeDown: [0.5] },
      ...{ create: [6, 5, 9], nothing: [1.5], target: [2.1], dashboard: [3] },
      remove: [1.25],
    },
    3,
  );
  assert.deepEqual(text.split("\n").slice(-7), [
    "| Compose baseline, start | 3.00 s (2.00–4.00) | 1.00 × |",
    "| Compose baseline, removal | 0.50 s (0.50–0.50) | 1.00 × |",
    "| `up` from nothing | 6.00 s (5.00–9.00) | 2.00 × |",
    "| `up` with no change | 1.50 s (1.50–1.50) | 0.50 × |",
    "| `up`, one target changed | 2.10 s (2.10–2.10) | 0.70 × |",
    "| `up`, one dashboard changed | 3.00 s (3.00–3.00) | 1.00 × |",
    "| `destroy` | 1.25 s (1.25–1.25) | 2.50 × |",
  ]);
});
