// An Event in the snapshot.

export interface EventView {
  readonly involved: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastAt: number;
}
