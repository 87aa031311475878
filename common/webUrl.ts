/**
 * What is wrong with an `http` or `https` URL; undefined if nothing is. Prometheus, Alertmanager and
 * Grafana read URLs by Go's rules, which are stricter than JavaScript's: a host is required, and
 * every `%` begins an escape. Braces are invalid, since rule files and messages are Go templates.
 */
export function urlFault(text: string): string | undefined {
  if (!/^https?:\/\//.test(text))
    return 'is not a URL: give one that starts with "https://" or "http://".';
  const stray = /[^A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]/u.exec(text);
  if (stray) {
    return `contains ${JSON.stringify(stray[0])}, which a URL cannot contain: escape it, as in "%20" for a space.`;
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
    return 'contains a "%" that begins no escape: write it as "%25".';
  }
  const host =
    /^https?:\/\/(?:[^/?#@]*@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?(?:[/?#]|$)/;
  const [, port] = host.exec(text) ?? [""];
  if (
    !URL.canParse(text) ||
    !host.test(text) ||
    Number(port ?? 1) < 1 ||
    Number(port ?? 1) > 65535
  ) {
    return 'has no valid host: give a URL such as "https://host.example:8443/path".';
  }
  return undefined;
}

/** The same for a URL to which paths are added: it must not have a login, a query or a fragment. */
export function baseUrlFault(text: string): string | undefined {
  const fault = urlFault(text);
  if (fault !== undefined) return fault;
  const { username, password } = new URL(text);
  if (username !== "" || password !== "") return "contains a login: leave it out.";
  return /[?#]/.test(text) ? "has a query or a fragment: give the part before it." : undefined;
}
