import { markdown } from "../data/markdown.ts";
import type { Draw } from "./drawing.ts";
import { element } from "./dom.ts";

/** Text in Markdown. */
export const drawText: Draw = (body, { options = {} }) => {
  const text = element("div", { class: "text" });
  text.innerHTML = markdown(options.content ?? "");
  body.append(text);
  return {};
};
