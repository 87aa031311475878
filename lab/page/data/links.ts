/** The values of a link's placeholders. */
export interface LinkContext {
  /** `from=…&to=…` of the page. */
  timeRange: string;
  /** The chosen values of a variable. */
  chosen: (name: string) => string[];
  /** The clicked value. */
  value?: string;
  /** The labels of the clicked series. */
  labels?: Record<string, string>;
  /** The values of the clicked row, by column title. */
  fields?: Record<string, string>;
}

/** A link's address with its placeholders filled in, as in Grafana. */
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
