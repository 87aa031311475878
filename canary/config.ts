/** The configuration of the canary: one entry per vLLM server. */
export interface CanaryTarget {
  /** Labels of its series: the server's `job` and `instance`, and what its group adds. */
  labels: { job: string; instance: string } & Record<string, string>;
  /** URL before `/health` and `/v1/…`, without a slash at its end. */
  url: string;
  /** URL of the metrics page, which tells the data-parallel ranks and the model. */
  metricsUrl: string;
  /** Seconds between two completions on a rank. */
  interval: number;
  /** Seconds within which a completion must have ended. */
  timeout: number;
  /** Tokens of a completion. */
  maxTokens: number;
  /** The most completions in any hour, over all ranks of the server. */
  requestsPerHour: number;
  /** File with the API key, where the server wants one. It is read again at each probe. */
  apiKeyFile?: string;
}
