/**
 * Whether a text is a comma-separated list of mail addresses in the syntax of Go's `net/mail`, which
 * Alertmanager uses to send mail: `ops@mail.example`, `Ops <ops@mail.example>` or `"Doe, John"
 * <john@mail.example>`.
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
