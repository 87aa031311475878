import assert from "node:assert/strict";

/** A logged-in client of a Grafana server. */
export class GrafanaSession {
  private readonly url: string;
  private readonly password: string;

  constructor(url: string, password: string) {
    this.url = url;
    this.password = password;
  }

  /** Returns Grafana's JSON response; any status other than 2xx fails the test. */
  async get<T>(path: string): Promise<T> {
    return this.send<T>("GET", path);
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>("POST", path, body);
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${this.password}`).toString("base64")}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}
