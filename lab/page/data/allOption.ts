/** What is chosen of a variable when all is. */
export const ALL_OPTION = "$__all";
