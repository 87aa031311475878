import { z } from "zod";
import {
  flag,
  NOT_A_GROUP,
  NOT_SHOWN,
  needed,
  ownNames,
  secret,
  text,
  webUrl,
} from "../common/schemaParts.ts";
import { isMailAddress, isMailAddressList } from "../common/mailAddress.ts";
import { urlFault } from "../common/webUrl.ts";

const secretUrl = (what: string) =>
  secret(what, (text) => (urlFault(text) === undefined ? undefined : NOT_A_URL));

/** The message shows neither the value, which is a secret, nor the character that is wrong. */
const NOT_A_URL =
  'is not a URL: give one such as "https://host.example/path", with spaces and special characters escaped.';

function isMailServer(text: string): boolean {
  const [, port] = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(text) ?? [];
  return Number(port) >= 1 && Number(port) <= 65535;
}

const receiver = z
  .strictObject(
    {
      name: text("a name, which routes refer to").refine((name) => name !== NO_RECEIVER, {
        error: "is the built-in receiver that sends no notifications: choose another name.",
      }),
      webhook: z
        .strictObject(
          {
            url: secretUrl("the URL that alerts are posted to"),
            bearerToken: secret("the token").optional(),
          },
          NOT_A_GROUP,
        )
        .optional(),
      slack: z
        .strictObject(
          {
            url: secretUrl("the URL of Slack's incoming webhook"),
            channel: text("a channel").optional(),
          },
          NOT_A_GROUP,
        )
        .optional(),
      pagerduty: z
        .strictObject({ routingKey: secret("the integration key of Events API v2") }, NOT_A_GROUP)
        .optional(),
      email: z
        .strictObject(
          {
            to: text("the address of the recipients").refine(isMailAddressList, {
              error:
                'is not an address: give one such as "ops@mail.example", or several, separated by commas.',
            }),
            from: text("the sender's address").refine(isMailAddress, {
              error: 'is not an address: give one such as "alerts@mail.example".',
            }),
            smarthost: z
              .string(needed("an address", 'the mail server as "host:port"'))
              .refine(isMailServer, {
                error:
                  'is not a mail server: give "host:port", such as "mail.example:587", with a port from 1 to 65535.',
              }),
            username: text("the name to log in with").optional(),
            password: secret("the password to log in with").optional(),
            requireTls: flag.default(true),
          },
          NOT_A_GROUP,
        )
        .superRefine(({ username, password }, context) => {
          if ((username === undefined) === (password === undefined)) return;
          const [missing, given] =
            username === undefined ? ["username", "password"] : ["password", "username"];
          context.addIssue({
            code: "custom",
            path: [missing],
            input: NOT_SHOWN,
            message: `is missing, but ${given} is set: set both to log in, or neither.`,
          });
        })
        .optional(),
      opsgenie: z
        .strictObject(
          { apiKey: secret("the API key"), url: webUrl("https://api.eu.opsgenie.com/").optional() },
          NOT_A_GROUP,
        )
        .optional(),
      msteams: z
        .strictObject({ url: secretUrl("the URL of the workflow") }, NOT_A_GROUP)
        .optional(),
      discord: z.strictObject({ url: secretUrl("the webhook's URL") }, NOT_A_GROUP).optional(),
      telegram: z
        .strictObject(
          {
            botToken: secret("the bot's token"),
            chatId: z.int({ error: "is not a chat: give its number." }),
          },
          NOT_A_GROUP,
        )
        .optional(),
    },
    { error: "is not a receiver: give { name } and one of webhook, slack, pagerduty and so on." },
  )
  .superRefine((given, context) => {
    if (INTEGRATIONS.some((kind) => given[kind] !== undefined)) return;
    context.addIssue({
      code: "custom",
      input: given.name,
      message: `has no integration: add one of ${INTEGRATIONS.join(", ")}.`,
    });
  });

/** The notification integrations. */
const INTEGRATIONS = [
  "webhook",
  "slack",
  "pagerduty",
  "email",
  "opsgenie",
  "msteams",
  "discord",
  "telegram",
] as const;

/** A notification receiver with one or more integrations. */
export type Receiver = z.output<typeof receiver>;

/** The key `alerting.receivers`. */
export const receivers = z
  .array(receiver, {
    error:
      "is not a list of receivers: give a list of { name } with webhook, slack, pagerduty and so on.",
  })
  .superRefine(ownNames("receivers"));

/** The built-in receiver that sends no notifications: routes can name it without defining it. */
export const NO_RECEIVER = "none";
