/** The chosen value of a variable if all values are chosen. */
export const ALL_OPTION = "$__all";
