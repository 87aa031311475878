/** Prints one line to the standard output, in Grafana's format. */
export function log(
  level: "info" | "warn" | "error",
  logger: string,
  message: string,
  fields: Record<string, string | number> = {},
): void {
  const pairs = Object.entries<string | number>({
    logger,
    t: new Date().toISOString(),
    level,
    msg: message,
    ...fields,
  });
  console.log(pairs.map(([key, value]) => `${key}=${quote(String(value))}`).join(" "));
}

function quote(value: string): string {
  return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
}
