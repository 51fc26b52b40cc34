/** The size of a file in the reader's language: "12 kB", "3.4 MB". */
export function sizeOf(bytes: number, tag: string): string {
  const [value, unit] =
    bytes < 1e6 ? [Math.max(1, Math.round(bytes / 1e3)), "kilobyte"] : [Math.round(bytes / 1e5) / 10, "megabyte"];
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "short" }).format(value);
}
