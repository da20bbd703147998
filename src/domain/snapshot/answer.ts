// Answers to the questions that decisions ask, in the snapshot.

/** What is known of one question: its value, or why there is none. */
export type Answer<Value = unknown> =
  /** `at`: when it was asked (epoch ms); it tells of no later moment. */
  { readonly at: number; readonly value: Value } | { readonly at: number; readonly unavailable: string };

/** By the keys of the questions. */
export type Answers = Readonly<Record<string, Answer>>;
