import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainScrapeError, statusTable } from "../../../cli/stack/statusTable.ts";

const outputs = {
  grafanaUrl: "http://127.0.0.1:3000",
  grafanaUser: "admin",
  prometheusUrl: "http://127.0.0.1:9090",
  dashboards: {},
};

describe("statusTable", () => {
  it("shows the URLs, how to log in, and the health of each target", () => {
    const table = statusTable("dev", outputs, [
      { job: "chat", instance: "gpu1:8000", health: "up", lastError: "" },
      { job: "chat", instance: "gpu10:8000", health: "unknown", lastError: "" },
      {
        job: "vllm",
        instance: "a:1",
        health: "down",
        lastError: "server returned HTTP status 404",
      },
    ]);
    assert.equal(
      table,
      `Grafana     http://127.0.0.1:3000
  user      admin
  password  npm run --silent pulumi -- stack output grafanaPassword --show-secrets --stack dev
Prometheus  http://127.0.0.1:9090
Targets     chat gpu1:8000   up
            chat gpu10:8000  not scraped yet
            vllm a:1         down: 404, no metrics page: check metricsPath, and that the server is vLLM`,
    );
  });

  it("distinguishes a Prometheus that does not answer from one without targets", () => {
    assert.match(statusTable("dev", outputs, undefined), /Targets +unknown: Prometheus does not/);
    assert.match(statusTable("dev", outputs, []), /Targets +none yet$/);
  });
});

describe("explainScrapeError says what to do about", () => {
  const cases: [string, string, RegExp][] = [
    [
      "a server that is not there, or listens on the loopback address only",
      'Get "http://172.17.0.1:8000/metrics": dial tcp 172.17.0.1:8000: connect: connection refused',
      /^connection refused: .*\(start it with --host 0\.0\.0\.0\)$/,
    ],
    [
      "a name that is not known",
      'Get "http://gpu:8000/metrics": dial tcp: lookup gpu on 127.0.0.11:53: no such host',
      /^no such host: /,
    ],
    [
      "a server that hangs",
      'Get "http://gpu:8000/metrics": context deadline exceeded',
      /^timeout: /,
    ],
    [
      "http where https is set",
      'Get "https://gpu:8000/metrics": http: server gave HTTP response to HTTPS client',
      /scheme: http for this target$/,
    ],
    [
      "a login",
      "server returned HTTP status 401 Unauthorized",
      /^the server requires a login: set basicAuth or bearerToken/,
    ],
    [
      "a certificate of its own",
      'Get "https://gpu:8000/metrics": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      /^its certificate is not trusted/,
    ],
  ];
  for (const [name, error, expected] of cases) {
    it(name, () => {
      assert.match(explainScrapeError(error), expected);
    });
  }

  it("only these errors, and returns others as Prometheus reports them", () => {
    assert.equal(
      explainScrapeError("expected a valid start token"),
      "expected a valid start token",
    );
  });
});
