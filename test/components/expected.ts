/** The common parts of the resources of the deployment "p", stack "s". */

/** The inputs of every container, with the image that the mock returns. */
export function confined(user: string, memory: number) {
  return {
    user,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory,
    memorySwap: memory,
    logDriver: "json-file",
    logOpts: { "max-file": "3", "max-size": "10m" },
    image: "sha256:image",
  };
}

/** A server of the stack. Its health check requests the URL `ready`. */
export function server(component: string, ready: string) {
  return {
    name: `p-s-${component}`,
    labels: labels(component),
    readOnly: true,
    restart: "unless-stopped",
    networkMode: "bridge",
    networksAdvanced: [{ name: "p-s-network", aliases: [component] }],
    healthcheck: {
      tests: ["CMD", "wget", "-q", "-O", "/dev/null", ready],
      interval: "2s",
      timeout: "3s",
      startPeriod: "2s",
      retries: 10,
    },
    wait: true,
    waitTimeout: 120,
  };
}

/** The holder of a config volume. */
export function holder(part: string, folder: string, files: Record<string, string>) {
  return {
    ...confined("65534:65534", 16),
    name: `p-s-${part}`,
    labels: labels(part),
    start: false,
    mustRun: false,
    networkMode: "none",
    volumes: [{ volumeName: `p-s-${part}`, containerPath: folder }],
    uploads: Object.entries(files).map(([file, content]) => ({
      file: `${folder}/${file}`,
      content,
      permissions: "0444",
    })),
  };
}

export function labels(component: string) {
  return [
    { label: "vllm-observability.component", value: component },
    { label: "vllm-observability.project", value: "p" },
    { label: "vllm-observability.stack", value: "s" },
  ];
}

/** The SDK's marker for a serialized secret. */
export function secret(value: unknown) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}
