import type { ChosenVariable } from "../answers.ts";
import type { DashboardModel, Panel } from "../dashboardModel.ts";
import { ALL_OPTION } from "./allOption.ts";

/** A row of a dashboard with its panels. Their positions are relative to the top of the row. */
export interface Section {
  /** Unique, even among repetitions of the row. */
  key: string;
  /** Undefined for panels before the first row. */
  title: string | undefined;
  open: boolean;
  panels: Panel[];
  /** The variables' values in this repetition; they override what the reader chose. */
  scoped: Record<string, string[]>;
}

/**
 * The rows of a dashboard in reading order. A repeated row appears once for each chosen value of its
 * variable.
 */
export function sectionsOf(dashboard: DashboardModel, variables: ChosenVariable[]): Section[] {
  const sections: (Section & { repeat: string | undefined })[] = [];
  for (const panel of dashboard.panels ?? []) {
    if (panel.type === "row") {
      sections.push({
        key: `row-${panel.id}`,
        title: panel.title ?? "",
        open: panel.collapsed !== true,
        panels: panel.panels ?? [],
        scoped: {},
        repeat: panel.repeat,
      });
    } else {
      if (sections.length === 0) {
        const rest = { title: undefined, open: true, scoped: {}, repeat: undefined };
        sections.push({ key: "top", panels: [], ...rest });
      }
      sections.at(-1)?.panels.push(panel);
    }
  }
  return sections.flatMap(({ repeat, ...section }) => {
    const placed = { ...section, panels: fromTop(section.panels) };
    const variable = variables.find(({ name }) => name === repeat);
    if (!variable) return [placed];
    const { name, chosen, options } = variable;
    return (chosen.includes(ALL_OPTION) ? options : chosen).map((value) => ({
      ...placed,
      key: `${placed.key}-${value}`,
      scoped: { [name]: [value] },
    }));
  });
}

/**
 * A single enlarged panel of a dashboard, as shown for addresses with `viewPanel`; undefined if there
 * is no such panel.
 */
export function singlePanel(
  dashboard: DashboardModel,
  viewPanel: string | null,
): Section[] | undefined {
  const [, id] = /^(?:panel-)?(\d+)$/.exec(viewPanel ?? "") ?? [];
  const panel = (dashboard.panels ?? [])
    .flatMap((one) => [one, ...(one.panels ?? [])])
    .find((one) => one.id === Number(id));
  if (!panel) return undefined;
  const alone = { ...panel, gridPos: { x: 0, y: 0, w: 24, h: 20 } };
  return [{ key: `alone-${panel.id}`, title: undefined, open: true, panels: [alone], scoped: {} }];
}

function fromTop(panels: Panel[]): Panel[] {
  const top = Math.min(...panels.map(({ gridPos }) => gridPos.y));
  return panels.map((panel) => ({
    ...panel,
    gridPos: { ...panel.gridPos, y: panel.gridPos.y - top },
  }));
}

/** A title with the chosen values, as readable text, in place of variables. */
export function titleOf(
  title: string,
  variables: ChosenVariable[],
  scoped: Record<string, string[]>,
): string {
  return title.replace(
    /\$(\w+)|\$\{(\w+)(?::\w+)?\}/g,
    (whole, plain?: string, braced?: string) => {
      const name = plain ?? braced ?? "";
      const chosen = scoped[name] ?? variables.find((variable) => variable.name === name)?.chosen;
      return chosen?.map((value) => (value === ALL_OPTION ? "All" : value)).join(" + ") ?? whole;
    },
  );
}
