/** Units that Grafana has no name for. Grafana itself puts a space before them. */

export const TOKENS_PER_SECOND = "suffix:tok/s";
export const TOKENS = "suffix:tok";
export const TOKENS_PER_JOULE = "suffix:tok/J";
export const BLOCKS = "suffix:blocks";
export const CORES = "suffix:cores";
export const MEGAHERTZ = "suffix:MHz";
/** A factor: times as much. */
export const TIMES = "suffix:×";
