import { Marked, type Tokens } from "marked";
import { escapeHtml } from "./html.ts";

/** Text in Markdown as HTML. HTML in it is shown as it is written, and links lead to pages only. */
export function markdown(text: string): string {
  return parser.parse(text, { async: false });
}

const parser = new Marked({
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return /^(https?:|\/|#)/.test(href) ? `<a href="${escapeHtml(href)}">${text}</a>` : text;
    },
  },
});
