/** Alertmanager's configuration of each notification integration. */
import { createHash } from "node:crypto";
import type { Receiver } from "./receivers.ts";
import { ALERTMANAGER_SECRETS_FOLDER } from "./alertmanagerServer.ts";

/** A receiver in Alertmanager's form, and its secrets by the file that the receiver names. */
export interface Rendered {
  receiver: object;
  secrets: Record<string, string>;
}

/** Renders a receiver: secrets go to files, and the configuration names the files. */
export function renderReceiver(receiver: Receiver): Rendered {
  const secrets: Record<string, string> = {};
  const file: SecretFile = (key, value) => {
    const name = `${fileNamePart(receiver.name)}-${key}`;
    secrets[name] = value;
    return `${ALERTMANAGER_SECRETS_FOLDER}/${name}`;
  };
  return { receiver: { name: receiver.name, ...integrationsOf(receiver, file) }, secrets };
}

/** A receiver's name as part of a file name, which can have at most 255 bytes. */
function fileNamePart(name: string): string {
  const encoded = encodeURIComponent(name);
  if (encoded.length <= 100) return encoded;
  return createHash("sha256").update(name).digest("hex");
}

/** Puts a secret into a file and returns its path. */
type SecretFile = (key: string, value: string) => string;

const TITLE = '{{ template "vllm.title" . }}';
const TEXT = '{{ template "vllm.text" . }}';
const MARKDOWN = '{{ template "vllm.markdown" . }}';
const DASHBOARD = '{{ template "vllm.firstDashboard" . }}';
/** Slack's names for red, yellow and green. */
const COLOR =
  '{{ if eq .Status "resolved" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}';
const RUNBOOK = '{{ template "vllm.firstRunbook" . }}';

function integrationsOf(receiver: Receiver, file: SecretFile): object {
  const { webhook, slack, pagerduty, email, opsgenie, msteams, discord, telegram } = receiver;
  return {
    ...(webhook && { webhook_configs: [webhookConfig(webhook, file)] }),
    ...(slack && {
      slack_configs: [
        {
          ...notifyResolved,
          api_url_file: file("slack-url", slack.url),
          ...(slack.channel !== undefined && { channel: slack.channel }),
          title: TITLE,
          title_link: DASHBOARD,
          text: TEXT,
          // The text of a push notification.
          fallback: TITLE,
          color: COLOR,
        },
      ],
    }),
    ...(pagerduty && { pagerduty_configs: [pagerdutyConfig(pagerduty, file)] }),
    ...(email && { email_configs: [emailConfig(email, file)] }),
    ...(opsgenie && {
      opsgenie_configs: [
        {
          ...notifyResolved,
          api_key_file: file("opsgenie-api-key", opsgenie.apiKey),
          ...(opsgenie.url !== undefined && { api_url: opsgenie.url }),
          message: TITLE,
          description: TEXT,
          source: DASHBOARD,
          priority: '{{ if eq .CommonLabels.severity "critical" }}P1{{ else }}P3{{ end }}',
        },
      ],
    }),
    ...(msteams && {
      msteamsv2_configs: [
        {
          ...notifyResolved,
          webhook_url_file: file("msteams-url", msteams.url),
          title: TITLE,
          // Teams reads Markdown: a single newline is a space, and a bare URL is not a link.
          text: MARKDOWN,
        },
      ],
    }),
    ...(discord && {
      discord_configs: [
        {
          ...notifyResolved,
          webhook_url_file: file("discord-url", discord.url),
          title: TITLE,
          message: TEXT,
        },
      ],
    }),
    ...(telegram && {
      telegram_configs: [
        {
          ...notifyResolved,
          bot_token_file: file("telegram-bot-token", telegram.botToken),
          chat_id: telegram.chatId,
          // Plain text: Telegram rejects HTML messages with a stray "<" in a name.
          parse_mode: "",
          message: `${TITLE}\n\n${TEXT}`,
        },
      ],
    }),
  };
}

/** Notifies of resolved alerts too. */
const notifyResolved = { send_resolved: true };

function webhookConfig(
  { url, bearerToken }: NonNullable<Receiver["webhook"]>,
  file: SecretFile,
): object {
  return {
    ...notifyResolved,
    url_file: file("webhook-url", url),
    ...(bearerToken !== undefined && {
      http_config: {
        authorization: {
          type: "Bearer",
          credentials_file: file("webhook-bearer-token", bearerToken),
        },
      },
    }),
  };
}

function pagerdutyConfig(
  { routingKey }: NonNullable<Receiver["pagerduty"]>,
  file: SecretFile,
): object {
  return {
    ...notifyResolved,
    routing_key_file: file("pagerduty-routing-key", routingKey),
    description: TITLE,
    severity: '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}',
    client_url: DASHBOARD,
    details: { alerts: TEXT },
    links: [
      { href: DASHBOARD, text: "Dashboard" },
      { href: RUNBOOK, text: "Runbook" },
    ],
  };
}

function emailConfig(email: NonNullable<Receiver["email"]>, file: SecretFile): object {
  const { to, from, smarthost, username, password, requireTls } = email;
  return {
    ...notifyResolved,
    to,
    from,
    smarthost,
    require_tls: requireTls,
    ...(username !== undefined && { auth_username: username }),
    ...(password !== undefined && { auth_password_file: file("email-password", password) }),
    headers: { Subject: TITLE },
    text: TEXT,
    // Otherwise Alertmanager sends its own HTML page, without values and links.
    html: "",
  };
}
