import type { PanelAnswer } from "../answers.ts";
import { markdown } from "../data/markdown.ts";
import { titleOf } from "../data/layout.ts";
import type { Panel } from "../dashboardModel.ts";
import type { PageContext } from "./drawing.ts";
import { element } from "./dom.ts";
import { type Drawn } from "./drawing.ts";
import { draw, NO_QUERIES } from "./panels.ts";
import { fetchPanel } from "./address.ts";

/**
 * A panel: a frame that contains the results of its queries. `data-state` of its element is
 * `loading`, `data`, `empty` (the panel says so in a short text) or `error`.
 */
export class PanelView {
  readonly element: HTMLElement;
  readonly #panel: Panel;
  readonly #scoped: Record<string, string[]>;
  readonly #title = element("h3");
  readonly #queries = element("div");
  readonly #body = element("div", { class: "body" });
  readonly #kept = {};
  #page: PageContext | undefined;
  #answer: PanelAnswer | undefined;
  #drawn: Drawn | undefined;
  #isInSight = false;

  constructor(panel: Panel, scoped: Record<string, string[]>) {
    this.#panel = panel;
    this.#scoped = scoped;
    const { x, y, w, h } = panel.gridPos;
    this.element = element(
      "article",
      { "data-id": String(panel.id), "data-type": panel.type, "data-state": "loading" },
      element("header", {}, this.#title, ...this.#info()),
      this.#body,
    );
    this.element.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
    sight.observe(this.element, ({ isIntersecting }) => {
      this.#isInSight = isIntersecting;
      if (isIntersecting && this.#page) void this.show(this.#page);
    });
    sizes.observe(this.#body, () => {
      this.#redraw();
    });
  }

  /** Requests the panel's data and draws it, once the panel is visible. */
  async show(page: PageContext): Promise<void> {
    this.#page = page;
    this.#title.textContent = titleOf(this.#panel.title ?? "", page.answer.variables, this.#scoped);
    const isText = NO_QUERIES.has(this.#panel.type);
    if ((!this.#isInSight && !isText) || this.#body.clientWidth === 0) return;
    try {
      const width = this.#body.clientWidth;
      const answer = isText
        ? { queries: [] }
        : await fetchPanel(page.answer, { id: this.#panel.id, width, scoped: this.#scoped });
      if (this.#page !== page) return;
      this.#answer = answer;
      // Do not redraw while the mouse button is down: the reader may be selecting a time range.
      if (!this.#body.matches(":active")) this.#redraw();
    } catch (error) {
      this.#fail(error);
    }
  }

  remove(): void {
    sight.forget(this.element);
    sizes.forget(this.#body);
    this.#drawn?.destroy?.();
  }

  #redraw(): void {
    if (!this.#page || !this.#answer || this.#body.clientWidth === 0) return;
    const errors = this.#answer.queries.flatMap(({ refId, error }) =>
      error === undefined ? [] : [`Query ${refId}: ${error}`],
    );
    const queries = this.#answer.queries.map(({ expr }) => element("pre", {}, expr));
    this.#queries.replaceChildren(...queries);
    this.#clear();
    try {
      if (errors.length > 0) throw new Error(errors.join("\n"));
      const panel = { ...this.#panel, title: this.#title.textContent };
      this.#drawn = draw(this.#body, panel, this.#answer, {
        ...this.#page,
        ...{ scoped: this.#scoped, kept: this.#kept },
        redraw: () => {
          this.#redraw();
        },
      });
      const { empty } = this.#drawn;
      this.element.dataset.state = empty === undefined ? "data" : "empty";
      const isBlank = empty !== undefined && this.#body.childElementCount === 0;
      if (isBlank) this.#body.replaceChildren(element("p", { class: "empty" }, empty));
    } catch (error) {
      this.#fail(error);
    }
  }

  #clear(): void {
    this.#drawn?.destroy?.();
    this.#drawn = undefined;
    this.#body.replaceChildren();
  }

  #fail(error: unknown): void {
    this.#clear();
    this.element.dataset.state = "error";
    const words = error instanceof Error ? error.message : String(error);
    this.#body.replaceChildren(element("p", { class: "error" }, words));
  }

  /** An icon that shows the panel's description and its queries. */
  #info(): HTMLElement[] {
    const { description = "", type } = this.#panel;
    if (!description && NO_QUERIES.has(type)) return [];
    const text = element("div");
    text.innerHTML = markdown(description);
    const content = element("div", {}, text, element("h4", {}, "Queries"), this.#queries);
    const sign = element("summary", { title: "What it means" }, "i");
    return [element("details", { class: "info" }, sign, content)];
  }
}

/** Calls a listener for each element that a browser observer reports. */
class ElementWatcher<Entry extends { target: Element }> {
  readonly #listeners = new WeakMap<Element, (entry: Entry) => void>();
  readonly #observer: { observe(target: Element): void; unobserve(target: Element): void };

  constructor(
    observer: (onEntries: (entries: Entry[]) => void) => {
      observe(target: Element): void;
      unobserve(target: Element): void;
    },
  ) {
    this.#observer = observer((entries) => {
      for (const entry of entries) this.#listeners.get(entry.target)?.(entry);
    });
  }

  observe(target: Element, listener: (entry: Entry) => void): void {
    this.#listeners.set(target, listener);
    this.#observer.observe(target);
  }

  forget(target: Element): void {
    this.#observer.unobserve(target);
  }
}

const sight = new ElementWatcher<IntersectionObserverEntry>(
  (onEntries) => new IntersectionObserver(onEntries, { rootMargin: "400px" }),
);
const sizes = new ElementWatcher<ResizeObserverEntry>((onEntries) => new ResizeObserver(onEntries));
