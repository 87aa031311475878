/**
 * Whether a text is a list of mail addresses, separated by commas, as Go's `net/mail`, with which
 * Alertmanager sends, reads them: `ops@mail.example`, `Ops <ops@mail.example>` or
 * `"Doe, John" <john@mail.example>`.
 */
export function isMailAddressList(text: string): boolean {
  const list = new RegExp(`^${ADDRESS}(?:,${ADDRESS})*$`, "u");
  return list.test(text);
}

/** Whether a text is one such address. */
export function isMailAddress(text: string): boolean {
  return new RegExp(`^${ADDRESS}$`, "u").test(text);
}

const ATOM = "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const DOT_ATOM = `${ATOM}(?:\\.${ATOM})*`;
const HOST_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const MAILBOX = `${DOT_ATOM}@${HOST_LABEL}(?:\\.${HOST_LABEL})*`;
const QUOTED = '"[^"\\\\\\p{Cc}]*"';
const NAME = `(?:${QUOTED}|${ATOM}(?: +${ATOM})*)`;
const ADDRESS = ` *(?:${MAILBOX}|${NAME} *<${MAILBOX}>) *`;
