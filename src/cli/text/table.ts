// Rows under headings, as kubectl prints them.

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Left out on a terminal that has no room for it; the last of these first. */
  readonly isSpare?: boolean | undefined;
  /** Coloured after its width is known. */
  readonly paint?: ((text: string, row: Row) => string) | undefined;
}

/** How much room there is. Who does not look (a pipe, a file) gets everything. */
interface Look {
  /** The headings are left out. */
  readonly isWithoutHeaders?: boolean | undefined;
  readonly isWatched: boolean;
  readonly columns: number;
}

/** How a list is shown. */
export interface TableForm {
  readonly isWide: boolean;
  readonly showsNamespaces: boolean;
  readonly isWithoutHeaders?: boolean | undefined;
}

const GAP = "   ";

/** The table, with a line feed at its end. */
export function tableText<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): string {
  const shown = [...columns];
  while (look.isWatched && widthOf(shown, rows, look) > look.columns) {
    const spare = shown.findLastIndex(({ isSpare }) => isSpare);
    if (spare < 0) break;
    shown.splice(spare, 1);
  }
  const widths = shown.map((column) => width(column, rows, look));
  const line = (cells: readonly (readonly [text: string, painted: string])[]) =>
    cells
      .map(([text, painted], index) =>
        index === cells.length - 1 ? painted : painted + " ".repeat((widths[index] ?? 0) - text.length),
      )
      .join(GAP)
      .trimEnd();
  const head = look.isWithoutHeaders ? [] : [line(shown.map(({ title }) => [title, title] as const))];
  const body = rows.map((row) =>
    line(
      shown.map(({ of, paint }) => {
        const text = of(row);
        return [text, paint ? paint(text, row) : text] as const;
      }),
    ),
  );
  return [...head, ...body].map((text) => `${text}\n`).join("");
}

function width<Row>({ title, of }: Column<Row>, rows: readonly Row[], { isWithoutHeaders }: Look): number {
  return rows.reduce((widest, row) => Math.max(widest, of(row).length), isWithoutHeaders ? 0 : title.length);
}

function widthOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): number {
  const gaps = GAP.length * Math.max(0, columns.length - 1);
  return columns.reduce((sum, column) => sum + width(column, rows, look), gaps);
}
