/** The options of a part of the benchmark. */
export interface PartOptions {
  /** Fleet sizes, in engines. */
  sizes: readonly number[];
  /** How often each thing is measured. */
  times: number;
  /** Uid or title of the one dashboard to measure; all by default. */
  dashboard?: string | undefined;
  /** Folder with the dashboards of another project, to be measured too. */
  beside?: string | undefined;
}
