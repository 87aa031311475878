/** How the objects of one deployment are told apart on a Docker host that carries several. */
export interface Deployment {
  /** The project that made them. */
  project: string;
  /** The stack, that is the environment, that made them. */
  stack: string;
}

/** The name of a network, volume or container on the Docker host. */
export function objectName({ project, stack }: Deployment, part: string): string {
  return `${project}-${stack}-${part}`;
}

/** Names of the labels of a deployment's containers. */
export const LABELS = {
  component: "vllm-observability.component",
  project: "vllm-observability.project",
  stack: "vllm-observability.stack",
};

/** Labels by which people and tools find a deployment's containers, in the order Docker lists them. */
export function containerLabels(
  { project, stack }: Deployment,
  component: string,
): { label: string; value: string }[] {
  return [
    { label: LABELS.component, value: component },
    { label: LABELS.project, value: project },
    { label: LABELS.stack, value: stack },
  ];
}
