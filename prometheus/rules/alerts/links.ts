import type { BoardName, Links } from "../options.ts";

/**
 * URL of a board with the alert's labels as its variables, a Prometheus template. The time is not in
 * it: only the message that is sent knows when it is.
 */
export function boardUrl(links: Links, board: BoardName, ...labels: string[]): string {
  const variables = labels.map((label) => `var-${label}={{ $labels.${label} | urlquery }}`);
  return [links.board(board), ...(variables.length === 0 ? [] : [variables.join("&")])].join("?");
}
