// Columns of tables: what a column is, how ages are written, and the columns that CRDs define for themselves.
import { isJsonObject, type KubeObject } from "../../kube-object.ts";
import type { PrinterColumn } from "../../resource-definition.ts";

export type Cell = string | number | boolean | null;

export interface Column extends Omit<PrinterColumn, "jsonPath"> {
  readonly cell: (object: KubeObject, now: number) => Cell;
}

/** The column of a CRD: nothing where the path leads nowhere or to a value of another type. */
export function customColumn({ jsonPath, ...column }: PrinterColumn): Column {
  return {
    ...column,
    cell: (object, now) => {
      const value = evaluatePath(object, jsonPath);
      if (value === undefined || value === null) return null;
      switch (column.type) {
        case "date":
          return typeof value === "string" ? ageText(value, now) : null;
        case "integer":
          return typeof value === "number" ? Math.trunc(value) : null;
        case "number":
          return typeof value === "number" ? value : null;
        case "boolean":
          return typeof value === "boolean" ? value : null;
        default:
          return typeof value === "object" ? JSON.stringify(value) : (value as Cell);
      }
    },
  };
}

const STEP = /\.([^.[\]]+)|\[\?\(@\.([^=\s]+)\s*==\s*["']([^"']*)["']\)\]|\[(\d+|\*)\]|\['([^']+)'\]/g;

/** The part of JSONPath that printer columns use: fields, indexes, `[?(@.type=="Ready")]`. */
export function evaluatePath(object: unknown, path: string): unknown {
  let value = object;
  for (const [, field, filterField, filterValue, index, quoted] of path
    .replaceAll("\\.", "\u0000")
    .matchAll(STEP)) {
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value;
      if (filterField !== undefined) {
        value = items.find((item) => isJsonObject(item) && item[filterField] === filterValue);
      } else value = index === "*" ? items[0] : items[Number(index)];
      continue;
    }
    const key = (field ?? quoted)?.replaceAll("\u0000", ".");
    value = isJsonObject(value) && key !== undefined ? value[key] : undefined;
  }
  return value;
}

/** As Kubernetes shows ages: two units where one would be rough, as in 3m10s, 5h2m, 4d3h; 45s, 20m, 30h, 12d. */
export function ageText(since: string | null | undefined, now: number): string {
  const elapsed = now - Date.parse(since ?? "");
  if (Number.isNaN(elapsed)) return "<unknown>";
  const seconds = Math.trunc(elapsed / 1_000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return twoUnits(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return twoUnits(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? twoUnits(years, "y", days % 365, "d") : `${years}y`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
