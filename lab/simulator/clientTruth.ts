/** True values that no metric of vLLM shows: what happened to the clients' requests. */
import { counter } from "../../vllm/metric.ts";

const labels = {} as const;

export const clientTruth = {
  /** Requests over HTTP that clients tried to make. */
  arrivals: counter("arrivals", { unit: "requests", help: "", labels }),
  /** Those made while the server was dead. */
  refused: counter("refused", { unit: "requests", help: "", labels }),
  /** Those whose client went away; the first token may have come. */
  disconnects: counter("disconnects", { unit: "requests", help: "", labels }),
  /** Those among them that never got a token. */
  withoutToken: counter("without_token", { unit: "requests", help: "", labels }),
};
