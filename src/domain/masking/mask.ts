// What stands instead of what is not to be seen.
export const MASK = "***";
