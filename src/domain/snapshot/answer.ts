// Answers to the questions that decisions ask, in the snapshot.

/** What is known of one question: its value, or why there is none. */
export type Answer<Value = unknown> = (
  | PastAnswer<Value>
  | { readonly at: number; readonly unavailable: string }
) & {
  /** Earlier values, newest first, of a question that wants them to be remembered. */
  readonly earlier?: readonly PastAnswer<Value>[] | undefined;
};

/** `at`: when it was asked (epoch ms); it tells of no later moment. */
export interface PastAnswer<Value = unknown> {
  readonly at: number;
  readonly value: Value;
}

/** By the keys of the questions. */
export type Answers = Readonly<Record<string, Answer>>;
