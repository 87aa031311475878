/** The content of an element: another element, or text. */
export type Content = Node | string;

/** An element with attributes and content. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...content: Content[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** A short coloured line, as shown before a name in a legend. */
export function swatch(colour: string): HTMLElement {
  const made = element("i", { class: "swatch" });
  made.style.background = colour;
  return made;
}
