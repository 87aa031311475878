/** Units that Grafana has no name for. */

export const TOKENS_PER_SECOND = "suffix: tok/s";
export const TOKENS = "suffix: tok";
export const BLOCKS = "suffix: blocks";
