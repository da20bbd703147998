// An Event in the snapshot.

export interface EventView {
  /** Warnings are always known; of Normal ones only what was asked for. */
  readonly type: "Normal" | "Warning";
  readonly involved: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** When it was told first; undefined where the Event does not say. */
  readonly firstAt?: number | undefined;
  readonly lastAt: number;
}
