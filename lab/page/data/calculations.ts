/** A function that reduces many numbers to one. */
interface Calculation {
  /** The column heading that Grafana uses. */
  title: string;
  of: (values: number[]) => number;
}

/** A calculation with its title. @throws Error for an unknown calculation. */
export function calculation(id: string): Calculation {
  const found = CALCULATIONS[id];
  if (!found) throw new Error(`The calculation "${id}" is not known to this page.`);
  return found;
}

/** A series' values reduced to one; null if it has none. */
export function reduce(values: readonly (number | null)[], id: string): number | null {
  const { of } = calculation(id);
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : of(present);
}

const CALCULATIONS: Record<string, Calculation> = {
  lastNotNull: { title: "Last *", of: (values) => values.at(-1) ?? NaN },
  last: { title: "Last", of: (values) => values.at(-1) ?? NaN },
  firstNotNull: { title: "First *", of: (values) => values[0] ?? NaN },
  min: { title: "Min", of: (values) => Math.min(...values) },
  max: { title: "Max", of: (values) => Math.max(...values) },
  mean: { title: "Mean", of: (values) => sum(values) / values.length },
  sum: { title: "Total", of: sum },
  count: { title: "Count", of: (values) => values.length },
};

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
