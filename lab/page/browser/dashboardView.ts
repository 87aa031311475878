import type { DashboardAnswer } from "../answers.ts";
import { type Section, sectionsOf, singlePanel, titleOf } from "../data/layout.ts";
import { element } from "./dom.ts";
import type { PageContext } from "./drawing.ts";
import { PanelView } from "./panelView.ts";
import type { Address } from "./address.ts";

/** The rows of a dashboard with their panels. Rows that the reader opens or closes stay so. */
export class DashboardView {
  readonly #place: HTMLElement;
  readonly #address: Address;
  readonly #update: () => Promise<void>;
  readonly #sections = new Map<string, SectionView>();

  constructor(place: HTMLElement, address: Address, update: () => Promise<void>) {
    this.#place = place;
    this.#address = address;
    this.#update = update;
  }

  /** Shows the dashboard as it is now. Resolves once every visible panel is drawn. */
  async show(answer: DashboardAnswer): Promise<void> {
    const sections =
      singlePanel(answer.dashboard, this.#address.query.get("viewPanel")) ??
      sectionsOf(answer.dashboard, answer.variables);
    const page = { answer, address: this.#address, update: this.#update };
    const keys = new Set(sections.map(({ key }) => key));
    for (const [key, view] of this.#sections) {
      if (keys.has(key)) continue;
      view.remove();
      this.#sections.delete(key);
    }
    const views = sections.map((section) => {
      const view = this.#sections.get(section.key) ?? new SectionView(section);
      this.#sections.set(section.key, view);
      return view;
    });
    const elements = views.map(({ element }) => element);
    const isSame = elements.every((one, index) => this.#place.children[index] === one);
    if (!isSame) this.#place.replaceChildren(...elements);
    await Promise.all(views.map((view) => view.show(page)));
  }

  clear(): void {
    for (const view of this.#sections.values()) view.remove();
    this.#sections.clear();
  }
}

class SectionView {
  readonly element: HTMLElement;
  readonly #section: Section;
  readonly #heading: HTMLElement | undefined;
  readonly #panels: PanelView[];
  #page: PageContext | undefined;

  constructor(section: Section) {
    this.#section = section;
    this.#panels = section.panels.map((panel) => new PanelView(panel, section.scoped));
    const grid = element("div", { class: "grid" }, ...this.#panels.map((view) => view.element));
    if (section.title === undefined) {
      this.element = element("section", {}, grid);
      return;
    }
    this.#heading = element("h2", {}, section.title);
    const count = element("span", { class: "quiet" }, `(${section.panels.length} panels)`);
    const details = element(
      "details",
      { class: "row", ...(section.open && { open: "" }) },
      element("summary", {}, this.#heading, count),
      grid,
    );
    details.addEventListener("toggle", () => {
      if (this.#page) void this.show(this.#page);
    });
    this.element = details;
  }

  /** The panels of a closed row are not drawn, and no queries run for them. */
  async show(page: PageContext): Promise<void> {
    this.#page = page;
    const { title, scoped } = this.#section;
    this.#heading?.replaceChildren(titleOf(title ?? "", page.answer.variables, scoped));
    if (this.element instanceof HTMLDetailsElement && !this.element.open) return;
    await Promise.all(this.#panels.map((panel) => panel.show(page)));
  }

  remove(): void {
    for (const panel of this.#panels) panel.remove();
    this.element.remove();
  }
}
