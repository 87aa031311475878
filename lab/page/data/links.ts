/** What stands for the placeholders of a link. */
export interface LinkContext {
  /** `from=…&to=…` of the page. */
  timeRange: string;
  /** What is chosen of each variable. */
  chosen: (name: string) => string[];
  /** The value that is clicked on. */
  value?: string;
  /** The labels of the series that is clicked on. */
  labels?: Record<string, string>;
  /** What the row that is clicked on shows, by the titles of its columns. */
  fields?: Record<string, string>;
}

/** A link's address with its placeholders filled in, as Grafana does. */
export function linkAddress(url: string, context: LinkContext): string {
  const { timeRange, chosen, value = "", labels = {}, fields = {} } = context;
  return url.replace(/\$\{([^}]+)\}/g, (whole, placeholder: string) => {
    if (placeholder === "__url_time_range") return timeRange;
    if (placeholder === "__value.raw") return encodeURIComponent(value);
    const [, label] = /^__field\.labels\.(\w+)$/.exec(placeholder) ?? [];
    if (label !== undefined) return encodeURIComponent(labels[label] ?? "");
    const [, field] = /^__data\.fields\.(\w+)$/.exec(placeholder) ?? [];
    if (field !== undefined) return encodeURIComponent(fields[field] ?? "");
    const [, name] = /^(\w+):queryparam$/.exec(placeholder) ?? [];
    if (name === undefined) return whole;
    return chosen(name)
      .map((one) => `var-${name}=${encodeURIComponent(one)}`)
      .join("&");
  });
}
