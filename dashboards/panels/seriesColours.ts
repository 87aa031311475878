/** Colours with a meaning, by the name of the line. */

/** A colour by a line's name, or by a regular expression between slashes that matches the name. */
export type SeriesColours = Readonly<Record<string, string>>;

/** How a request ended. */
export const FINISH_COLOURS: SeriesColours = {
  stop: "green",
  length: "blue",
  abort: "orange",
  error: "red",
  repetition: "purple",
};

/** The status of an HTTP answer, as a group (`4xx`) or a number. */
export const STATUS_COLOURS: SeriesColours = {
  "/^1/": "purple",
  "/^2/": "green",
  "/^3/": "blue",
  "/^4/": "orange",
  "/^5/": "red",
};

/**
 * Percentiles are shades of one hue: the higher the percentile, the darker. Red and orange are
 * reserved for the lines that mark where a value hurts.
 */
export const PERCENTILE_COLOURS: SeriesColours = {
  P99: "dark-blue",
  P95: "semi-dark-blue",
  P90: "blue",
  P50: "light-blue",
  Mean: "purple",
  Average: "purple",
};
