/** In characters. Uids are UUIDs of 36. Apart from the schemas, so that readers of objects start without them. */
export const LONGEST_UID = 64;
