/** The configuration of the canary: one entry per vLLM server. */
export interface CanaryTarget {
  /** Labels of its series: the server's `job` and `instance`, and its group's labels. */
  labels: { job: string; instance: string } & Record<string, string>;
  /** URL before `/health` and `/v1/…`, without a slash at its end. */
  url: string;
  /** URL of the metrics page, which lists the data-parallel ranks and the model. */
  metricsUrl: string;
  /** Seconds between two completions on a rank. */
  interval: number;
  /** Timeout of a completion, in seconds. */
  timeout: number;
  /** Tokens of a completion. */
  maxTokens: number;
  /** The maximum number of completions in any hour, over all ranks of the server. */
  requestsPerHour: number;
  /** File with the API key, where the server requires one. It is read at each probe. */
  apiKeyFile?: string;
}
