import type { ImportPreview } from "../../api/types";

/** What a column can be, as the API names it. */
export const COLUMNS = ["text", "author", "date", "rating", "id", "url", "title"] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** For each thing the name of the column that holds it. */
export type ColumnMap = Partial<Record<ColumnName, string>>;

const SAMPLE_BYTES = 256 * 1024;

/** The beginning of a file, up to its last whole line, so that a preview of a large file is quick. */
export async function firstPart(file: Blob, most: number = SAMPLE_BYTES): Promise<Blob> {
  if (file.size <= most) return file;
  const bytes = new Uint8Array(await file.slice(0, most).arrayBuffer());
  const end = bytes.lastIndexOf(0x0a);
  return file.slice(0, end < 0 ? most : end + 1);
}

/** Whether a person must say which column is what; an archive of a network says it by itself. */
export const needsMap = (format: string) => format === "csv" || format === "jsonl";

/** The server's guess, as far as it names columns that are there. */
export function guessed(preview: ImportPreview): ColumnMap {
  const map: ColumnMap = {};
  for (const name of COLUMNS) {
    const column = preview.guess?.[name];
    if (column && preview.columns.includes(column)) map[name] = column;
  }
  return map;
}

/** Says that a column is a thing, or nothing; a thing is in one column only. */
export function assign(map: ColumnMap, column: string, name: ColumnName | null): ColumnMap {
  const next: ColumnMap = {};
  for (const [key, value] of Object.entries(map) as [ColumnName, string][]) {
    if (value !== column && key !== name) next[key] = value;
  }
  if (name) next[name] = column;
  return next;
}

/** What a column is, where it is anything. */
export function meaning(map: ColumnMap, column: string): ColumnName | null {
  return COLUMNS.find((name) => map[name] === column) ?? null;
}
