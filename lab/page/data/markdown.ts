import { Marked, type Tokens } from "marked";
import { escapeHtml } from "./html.ts";

/** Converts Markdown to HTML. HTML in the text is shown literally, and links lead only to pages. */
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
