import type uPlot from "uplot";
import { type Content, element } from "./dom.ts";

/**
 * A tooltip that follows the pointer over a chart. `content` returns its content at a position, or
 * nothing. A chart whose crosshair only follows another chart's shows no tooltip.
 */
export function tooltip(
  content: (plot: uPlot, index: number) => Content[] | undefined,
): uPlot.Plugin {
  const note = element("div", { class: "tooltip" });
  const hide = () => {
    note.remove();
  };
  return {
    hooks: {
      ready(plot) {
        plot.over.addEventListener("mouseleave", hide);
      },
      destroy: hide,
      setCursor(plot) {
        const { left = -1, top = -1, idx, event } = plot.cursor;
        const isOver = event !== undefined && plot.over.matches(":hover");
        const lines =
          isOver && left >= 0 && typeof idx === "number" ? content(plot, idx) : undefined;
        if (!lines) {
          hide();
          return;
        }
        note.replaceChildren(...lines);
        document.body.append(note);
        place(note, plot.over.getBoundingClientRect(), { left, top });
      },
    },
  };
}

/** Places the tooltip next to the pointer, on the side that has room. */
function place(
  note: HTMLElement,
  over: DOMRect,
  { left, top }: { left: number; top: number },
): void {
  const x = over.left + left;
  const y = over.top + top;
  const isRight = x + note.offsetWidth + 24 > innerWidth;
  note.style.left = `${isRight ? x - note.offsetWidth - 12 : x + 12}px`;
  note.style.top = `${Math.max(4, Math.min(y + 12, innerHeight - note.offsetHeight - 4))}px`;
}
