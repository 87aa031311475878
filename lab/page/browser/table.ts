import { configOf, displayIn } from "../data/display.ts";
import { sortRows, tableFor } from "../data/tables.ts";
import type { FieldConfig } from "../dashboardModel.ts";
import { element } from "./dom.ts";
import { addressOf } from "./drillDown.ts";
import { type PanelContext, type Draw, nothing } from "./drawing.ts";

/** Rows and columns; a click on a column heading sorts by that column. */
export const drawTable: Draw = (body, panel, answer, context) => {
  const table = tableFor(panel, answer);
  if (table.rows.length === 0) return nothing(panel);

  const all = table.columns.map(({ name, title }) => {
    const config = configOf(panel, title);
    return { name, title, config, display: displayIn(config) };
  });
  const columns = all.filter(({ config }) => config.custom?.hidden !== true);
  let orders = (panel.options?.sortBy ?? []).map(({ displayName, desc }) => ({
    title: displayName,
    descending: desc === true,
  }));

  const draw = () => {
    // Sorting keeps the order of equal rows, so the most important sort must run last.
    const rows = orders.reduceRight((rows, one) => sortRows({ ...table, rows }, one), table.rows);
    const [order] = orders;
    const numeric = (name: string) => table.rows.some((row) => typeof row[name] === "number");
    const heads = columns.map(({ name, title, config }) => {
      const head = element("th", alignment(config, numeric(name)), title);
      const { width } = config.custom ?? {};
      if (typeof width === "number") head.style.width = `${width}px`;
      if (order?.title === title) head.append(order.descending ? " ↓" : " ↑");
      head.addEventListener("click", () => {
        orders = [{ title, descending: order?.title === title && !order.descending }];
        draw();
      });
      return head;
    });
    const lines = rows.map((row) => {
      const shown = all.map(({ name, title, display }) => [title, display(row[name]).text]);
      const fields = Object.fromEntries(shown) as Record<string, string>;
      return element(
        "tr",
        {},
        ...columns.map(({ name, config, display }) => {
          const cell = element("td", alignment(config, numeric(name)));
          const { text, colour } = display(row[name]);
          cell.append(linked(text, { value: String(row[name] ?? ""), fields }, config, context));
          if (isColoured(config)) cell.style.color = colour;
          cell.title = text;
          return cell;
        }),
      );
    });
    body.replaceChildren(
      element(
        "div",
        { class: "scroll" },
        element(
          "table",
          {},
          element("thead", {}, element("tr", {}, ...heads)),
          element("tbody", {}, ...lines),
        ),
      ),
    );
  };
  draw();
  return {};
};

/** Numbers are right-aligned, as in Grafana. */
function alignment({ custom = {} }: FieldConfig, isNumeric: boolean): Record<string, string> {
  const { align } = custom;
  if (typeof align === "string" && align !== "auto") return { class: align };
  return { class: isNumeric ? "right" : "left" };
}

function isColoured({ custom = {} }: FieldConfig): boolean {
  const options = custom.cellOptions as { type?: string } | undefined;
  return (options?.type ?? "").startsWith("color");
}

function linked(
  text: string,
  about: { value: string; fields: Record<string, string> },
  { links: [link] = [] }: FieldConfig,
  context: PanelContext,
): Node | string {
  if (!link) return text;
  const href = addressOf(link, context, about);
  return element("a", { href, title: link.title }, text);
}
