/** The Prometheus jobs other than the user's vLLM servers. */

/** The canary. Its series have the job and instance of the probed servers. */
export const CANARY_JOB = "canary";

/** The stack's own servers. */
export const OWN_JOBS: readonly string[] = ["prometheus", "grafana", "alertmanager", CANARY_JOB];

/** The GPU exporters. */
export const GPU_JOB = "gpu";

/** The demo's simulated vLLM servers. */
export const DEMO_JOB = "demo";

/** All jobs of targets that are not vLLM servers. */
export const OTHER_JOBS: readonly string[] = [...OWN_JOBS, GPU_JOB];
