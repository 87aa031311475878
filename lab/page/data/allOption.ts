/** What is chosen of a variable when all is. */
export const ALL = "$__all";
