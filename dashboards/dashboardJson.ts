/**
 * A dashboard as text. Keys are sorted, so that the text changes only when the dashboard does.
 * Values that the SDK writes out but every Grafana from 9.4 to 13 assumes by default are left out.
 */
export function dashboardJson(dashboard: object): string {
  return JSON.stringify(tidy(dashboard), undefined, 2);
}

/** Defaults of panels, variables, links and the dashboard itself, by key. */
const DEFAULTS: Record<string, readonly unknown[]> = {
  // Dashboard
  editable: [true],
  fiscalYearStartMonth: [0],
  // Panels
  repeatDirection: ["h"],
  transparent: [false],
  custom: [{}],
  // Queries: a query that is not a range query is an instant query.
  instant: [false],
  // Variables
  allowCustomValue: [true],
  auto: [false],
  auto_count: [30],
  auto_min: ["10s"],
  includeAll: [false],
  multi: [false],
  skipUrlSync: [false],
  // Links
  // Set by the SDK, not a default: Grafana 12.3 and newer would hide links and annotations in a menu.
  placement: ["inControlsMenu"],
  asDropdown: [false],
  targetBlank: [false],
  icon: [""],
  // Heatmaps
  cellGap: [1],
  exponent: [0],
  fill: [""],
  reverse: [false],
  exemplars: [{ color: "rgba(255,0,255,0.7)" }],
  filterValues: [{ le: 1e-9 }],
  selectionMode: ["x"],
  // State timelines
  perPage: [null],
  // Stats and tables
  percentChangeColorMode: ["standard"],
  showPercentChange: [false],
  wideLayout: [true],
  cellHeight: ["sm"],
  showTypeIcons: [false],
  frameIndex: [0],
};

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !isDefault(key, inner))
      .map(([key, inner]): [string, unknown] => [key, tidy(inner)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isDefault(key: string, value: unknown): boolean {
  const text = JSON.stringify(value);
  return DEFAULTS[key]?.some((known) => JSON.stringify(known) === text) ?? false;
}
