/** The jobs under which Prometheus scrapes what the stack itself brings or knows of. */

/** The canary, whose series have the job and instance of the servers that they are about. */
export const CANARY_JOB = "canary";

/** The stack's own servers. */
export const OWN_JOBS: readonly string[] = ["prometheus", "grafana", "alertmanager", CANARY_JOB];

/** The GPU exporters. */
export const GPU_JOB = "gpu";

/** The fleet of made-up servers. */
export const DEMO_JOB = "demo";

/** All that are no vLLM servers. */
export const OTHER_JOBS: readonly string[] = [...OWN_JOBS, GPU_JOB];
