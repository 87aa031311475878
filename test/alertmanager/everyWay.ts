/** Settings with a receiver for every integration; each secret value contains the word secret. */
export const EVERY_WAY = {
  receivers: [
    {
      name: "all",
      webhook: { url: "https://secret.example/webhook", bearerToken: "secret-bearer" },
      slack: { url: "https://secret.example/slack", channel: "#alerts" },
      pagerduty: { routingKey: "secret-routing" },
      email: {
        ...{ to: "ops@mail.example", from: "stack@mail.example", smarthost: "mail.example:587" },
        ...{ username: "stack", password: "secret-password" },
      },
      opsgenie: { apiKey: "secret-api", url: "https://api.eu.opsgenie.com/" },
      msteams: { url: "https://secret.example/teams" },
      discord: { url: "https://secret.example/discord" },
      telegram: { botToken: "secret-bot", chatId: -1001 },
    },
    { name: "a/b", webhook: { url: "https://secret.example/other" } },
  ],
  routes: [
    { receiver: "a/b", severity: ["warning"], models: ["m"], muteTimes: ["night"] },
    { receiver: "all", labels: { team: "search" } },
    { receiver: "none", models: ["q"] },
  ],
  muteTimes: [
    {
      ...{ name: "night", from: "22:00", to: "06:30" },
      ...{ weekdays: ["friday"], location: "Europe/Berlin" },
    },
  ],
  watchdogReceiver: "a/b",
};
