/** A real Prometheus that requires TLS, a client certificate and a login. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PrometheusServer } from "../../lab/prometheus/server.ts";

export const LOGIN = { username: "stack", password: "the-password" };
/** The bcrypt hash of that password. */
const HASH = "$2b$04$EZEbHI73U9JoRaT.hWqmNOlckunpAbuhWJCjj6mXFHEfV7j2BZPqi";

export interface SecuredPrometheus {
  /** `host:port`. */
  readonly address: string;
  /** A client's TLS settings. The server's self-signed certificate is also the CA and the client's. */
  readonly tls: { ca: string; serverName: string; cert: string; key: string };
  /** Returns an API response, or undefined if there is none yet. */
  readonly ask: (path: string) => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
}

export async function startSecuredPrometheus(): Promise<SecuredPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "secured-prometheus-"));
  const file = (name: string) => join(folder, name);
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", file("key"), "-out", file("crt"), "-days", "2", "-subj", "/CN=secured.test"],
      ...["-addext", "subjectAltName=DNS:secured.test"],
    ],
    { stdio: "pipe" },
  );
  const [cert, key] = [readFileSync(file("crt"), "utf8"), readFileSync(file("key"), "utf8")];
  const tls = { ca: cert, serverName: "secured.test", cert, key };
  writeFileSync(
    file("web.yml"),
    `tls_server_config:
  cert_file: ${file("crt")}
  key_file: ${file("key")}
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ${file("crt")}
basic_auth_users: { ${LOGIN.username}: ${HASH} }
`,
  );
  const ask = (url: string, path: string) =>
    new Promise<string | undefined>((resolve) => {
      get(
        `${url.replace("http:", "https:")}${path}`,
        {
          agent: new Agent({ ca: cert, cert, key, servername: "secured.test" }),
          auth: `${LOGIN.username}:${LOGIN.password}`,
        },
        (response) => {
          resolve(response.statusCode === 200 ? text(response) : undefined);
        },
      ).on("error", () => {
        resolve(undefined);
      });
    });
  const server = await PrometheusServer.start("global: {}\n", {
    flags: ["--web.enable-remote-write-receiver", `--web.config.file=${file("web.yml")}`],
    isReady: async (url) => (await ask(url, "/-/ready")) !== undefined,
  });
  return {
    address: new URL(server.url).host,
    tls,
    ask: (path) => ask(server.url, path),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
