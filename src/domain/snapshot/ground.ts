// What a finding rests on besides the workload and its revisions; it is read again before anything follows from it.
export const GROUNDS = ["pods", "endpoints"] as const;

/** "endpoints": those of the bound Services, and these Services themselves. */
export type Ground = (typeof GROUNDS)[number];
