/** How each way to people stands in Alertmanager's configuration. */
import type { Receiver } from "./receivers.ts";
import { SECRETS_FOLDER } from "./server.ts";

/** A receiver as Alertmanager reads it, and the secrets that it names, by file. */
export interface Rendered {
  receiver: object;
  secrets: Record<string, string>;
}

/** Renders a receiver: what is secret goes to files of which the configuration has the names only. */
export function renderReceiver(receiver: Receiver): Rendered {
  const secrets: Record<string, string> = {};
  const file: Keep = (key, value) => {
    const name = `${encodeURIComponent(receiver.name)}-${key}`;
    secrets[name] = value;
    return `${SECRETS_FOLDER}/${name}`;
  };
  return { receiver: { name: receiver.name, ...waysOf(receiver, file) }, secrets };
}

/** Keeps a secret in a file and answers its path. */
type Keep = (key: string, value: string) => string;

const TITLE = '{{ template "vllm.title" . }}';
const TEXT = '{{ template "vllm.text" . }}';
const MARKDOWN = '{{ template "vllm.markdown" . }}';
const BOARD = '{{ template "vllm.firstBoard" . }}';
/** Slack's names of red, yellow and green. */
const COLOR =
  '{{ if eq .Status "resolved" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}';
const RUNBOOK = '{{ template "vllm.firstRunbook" . }}';

function waysOf(receiver: Receiver, file: Keep): object {
  const { webhook, slack, pagerduty, email, opsgenie, msteams, discord, telegram } = receiver;
  return {
    ...(webhook && { webhook_configs: [webhookConfig(webhook, file)] }),
    ...(slack && {
      slack_configs: [
        {
          ...told,
          api_url_file: file("slack-url", slack.url),
          ...(slack.channel !== undefined && { channel: slack.channel }),
          title: TITLE,
          title_link: BOARD,
          text: TEXT,
          // What a phone shows of it.
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
          ...told,
          api_key_file: file("opsgenie-api-key", opsgenie.apiKey),
          ...(opsgenie.url !== undefined && { api_url: opsgenie.url }),
          message: TITLE,
          description: TEXT,
          source: BOARD,
          priority: '{{ if eq .CommonLabels.severity "critical" }}P1{{ else }}P3{{ end }}',
        },
      ],
    }),
    ...(msteams && {
      msteamsv2_configs: [
        {
          ...told,
          webhook_url_file: file("msteams-url", msteams.url),
          title: TITLE,
          // Teams reads Markdown, in which single newlines are spaces and a bare URL is no link.
          text: MARKDOWN,
        },
      ],
    }),
    ...(discord && {
      discord_configs: [
        {
          ...told,
          webhook_url_file: file("discord-url", discord.url),
          title: TITLE,
          message: TEXT,
        },
      ],
    }),
    ...(telegram && {
      telegram_configs: [
        {
          ...told,
          bot_token_file: file("telegram-bot-token", telegram.botToken),
          chat_id: telegram.chatId,
          // Plain text: in Telegram's HTML a name with "<" in it would be refused.
          parse_mode: "",
          message: `${TITLE}\n\n${TEXT}`,
        },
      ],
    }),
  };
}

/** People are told of the end, too. */
const told = { send_resolved: true };

function webhookConfig({ url, bearerToken }: NonNullable<Receiver["webhook"]>, file: Keep): object {
  return {
    ...told,
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

function pagerdutyConfig({ routingKey }: NonNullable<Receiver["pagerduty"]>, file: Keep): object {
  return {
    ...told,
    routing_key_file: file("pagerduty-routing-key", routingKey),
    description: TITLE,
    severity: '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}',
    client_url: BOARD,
    details: { alerts: TEXT },
    links: [
      { href: BOARD, text: "Board" },
      { href: RUNBOOK, text: "Runbook" },
    ],
  };
}

function emailConfig(email: NonNullable<Receiver["email"]>, file: Keep): object {
  const { to, from, smarthost, username, password, requireTls } = email;
  return {
    ...told,
    to,
    from,
    smarthost,
    require_tls: requireTls,
    ...(username !== undefined && { auth_username: username }),
    ...(password !== undefined && { auth_password_file: file("email-password", password) }),
    headers: { Subject: TITLE },
    text: TEXT,
    // Else Alertmanager's own page would be sent, without values and links.
    html: "",
  };
}
