// Shows what changes for as long as somebody watches: -w of the lists.

/** What is followed: rows that come and change. */
export interface Followed<Row> {
  readonly read: () => readonly Row[] | Promise<readonly Row[]>;
  /** Resolves when it is worth to read again. */
  readonly changed: () => Promise<void>;
  readonly keyOf: (row: Row) => string;
  /** What is compared: a row with the same has not changed, however old it is. */
  readonly stateOf: (row: Row) => string;
  /** Takes all rows, and which of them are new or changed; it is not called without one. */
  readonly show: (rows: readonly Row[], isChanged: (row: Row) => boolean) => void | Promise<void>;
}

/** Ends when `interrupted` does. */
export async function followChanges<Row>(
  { read, changed, keyOf, stateOf, show }: Followed<Row>,
  interrupted: Promise<void>,
): Promise<void> {
  const shown = new Map<string, string>();
  const over = interrupted.then(() => true);
  for (;;) {
    const rows = await read();
    const news = new Set(rows.filter((row) => shown.get(keyOf(row)) !== stateOf(row)));
    if (news.size > 0) await show(rows, (row) => news.has(row));
    for (const row of news) shown.set(keyOf(row), stateOf(row));
    if (await Promise.race([over, changed().then(() => false)])) return;
  }
}
