/** Identifies the objects of one deployment on a Docker host that runs several. */
export interface Deployment {
  /** The project that created them. */
  project: string;
  /** The stack (environment) that created them. */
  stack: string;
}

/** The name of a network, volume or container on the Docker host. */
export function objectName({ project, stack }: Deployment, part: string): string {
  return `${project}-${stack}-${part}`;
}

/** Names of the labels of a deployment's containers. */
export const CONTAINER_LABELS = {
  component: "vllm-observability.component",
  project: "vllm-observability.project",
  stack: "vllm-observability.stack",
};

/** Labels to find a deployment's containers by, in the order in which Docker lists them. */
export function containerLabels(
  { project, stack }: Deployment,
  component: string,
): { label: string; value: string }[] {
  return [
    { label: CONTAINER_LABELS.component, value: component },
    { label: CONTAINER_LABELS.project, value: project },
    { label: CONTAINER_LABELS.stack, value: stack },
  ];
}
