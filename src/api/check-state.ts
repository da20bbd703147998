// How a metric or HTTP check stands, in one word.

/** The words, with what they mean. */
export const CHECK_STATES = {
  Waiting: "No pod of the new revision is ready for long enough.",
  Passing: "The new revision is not worse than allowed.",
  Pending: "The new revision is worse than allowed, not for long enough to count.",
  Failing: "The new revision is worse than allowed.",
  BothFail: "The new revision is beyond the limit, and the old pods are as well.",
  NotEnoughTraffic: "The new revision has had too few requests to decide.",
  NoData: "The source has no data about the pods.",
  Unavailable: "The source or the pods could not be asked; the message says why.",
  Invalid: "The check is not written correctly; the message says what to write.",
} as const;

export type CheckStateWord = keyof typeof CHECK_STATES;
