/** True values that no metric of vLLM shows: what happened to the clients' requests. */
import { counter } from "../../vllm/metric.ts";

const labels = {} as const;

export const clientTruth = {
  /** HTTP requests that clients tried to make. */
  arrivals: counter("arrivals", { unit: "requests", help: "", labels }),
  /** Requests made while the server was dead. */
  refused: counter("refused", { unit: "requests", help: "", labels }),
  /** Requests whose client disconnected, before or after the first token. */
  disconnects: counter("disconnects", { unit: "requests", help: "", labels }),
  /** Disconnected requests that never got a token. */
  withoutToken: counter("without_token", { unit: "requests", help: "", labels }),
};
