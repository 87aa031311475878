import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { type RealAlertmanager, eventually, startAlertmanager } from "./realAlertmanager.ts";

/** A request that a messaging service received: its path and body. */
interface Sent {
  path: string;
  body: Record<string, unknown>;
}

const TELEGRAM_ANSWER = JSON.stringify({ ok: true, result: { message_id: 1, chat: { id: 1 } } });

const QUEUE = {
  labels: {
    ...{ alertname: "VllmQueueTimeHigh", severity: "warning" },
    ...{ concern: "saturation", model_name: "m" },
  },
  annotations: {
    summary: "requests to m wait long",
    description: "They wait 30s.",
    value: "30s",
    threshold: "10 s",
    dashboard_url: "http://g/d/vllm-overview?var-model_name=m",
    runbook_url: "http://g/runbook",
  },
};
const ERRORS = {
  labels: {
    ...{ alertname: "VllmErrorRatioHigh", severity: "critical" },
    ...{ concern: "errors", model_name: "m" },
  },
  annotations: { ...QUEUE.annotations, summary: "requests to m fail" },
};

describe("messages about a model with a warning and a critical alert", () => {
  const sent: Sent[] = [];
  let services: Server;
  let alertmanager: RealAlertmanager;

  before(async () => {
    services = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const body = JSON.parse(Buffer.concat(pieces).toString() || "{}") as Sent["body"];
        sent.push({ path: request.url ?? "", body });
        // For most services only the status code matters.
        response.end(request.url === "/slack" ? "ok" : TELEGRAM_ANSWER);
      });
    });
    await new Promise<void>((resolve) => services.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(services.address() as AddressInfo).port}`;
    alertmanager = await startAlertmanager(
      {
        groupWait: "100ms",
        receivers: [
          {
            name: "all",
            webhook: { url: `${url}/webhook` },
            slack: { url: `${url}/slack` },
            pagerduty: { routingKey: "key" },
            opsgenie: { apiKey: "key", url: `${url}/opsgenie/` },
            msteams: { url: `${url}/msteams` },
            discord: { url: `${url}/discord` },
            telegram: { botToken: "token", chatId: 1 },
          },
        ],
      },
      { pagerduty_url: `${url}/pagerduty`, telegram_api_url: `${url}/telegram` },
    );
    await alertmanager.post([QUEUE, ERRORS], Date.now() + 60_000);
    await eventually(() => sent.length >= 2 * 7);
  });

  after(async () => {
    await alertmanager.stop();
    services.closeAllConnections();
    await new Promise((resolve) => services.close(resolve));
  });

  /** One value from each message that a service received, sorted alphabetically. */
  function sentTo(service: string, find: (body: Sent["body"]) => unknown): unknown[] {
    const messages = sent.filter(({ path }) => path.startsWith(`/${service}`));
    return messages.map(({ body }) => find(body)).sort();
  }

  it("are separate, so that the critical one pages", () => {
    const payload = (body: Sent["body"]) => body.payload as Record<string, unknown>;
    assert.deepEqual(
      sentTo("pagerduty", (body) => payload(body).severity),
      ["critical", "warning"],
    );
    assert.deepEqual(
      sentTo("pagerduty", (body) => payload(body).summary),
      [
        "[1 firing] critical m: requests to m fail",
        "[1 firing] warning m: requests to m wait long",
      ],
    );
    assert.equal(new Set(sentTo("pagerduty", (body) => body.dedup_key)).size, 2);
    assert.deepEqual(
      sentTo("opsgenie", (body) => body.priority),
      ["P1", "P3"],
    );
  });

  it("arrive through every integration", () => {
    for (const service of ["webhook", "slack", "msteams", "discord", "telegram"]) {
      assert.equal(sentTo(service, () => "").length, 2, service);
    }
  });
});
