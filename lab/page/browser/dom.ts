/** Something that stands in an element: another one, or text. */
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

/** A short line in a colour, as a legend has it before a name. */
export function swatch(colour: string): HTMLElement {
  const made = element("i", { class: "swatch" });
  made.style.background = colour;
  return made;
}
