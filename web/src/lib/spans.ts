import type { Span } from "../api/types";

/**
 * Offsets of a span in UTF-16 code units, as the browser counts, from offsets in Unicode scalar values, as the API
 * counts. The only place that converts. A span beyond the text is cut to it.
 */
export function toUtf16(text: string, [start, end]: Span): Span {
  let scalars = 0;
  let units = 0;
  let from = start <= 0 ? 0 : -1;
  for (const scalar of text) {
    if (scalars === start) from = units;
    if (scalars === end) return [from < 0 ? units : from, units];
    scalars += 1;
    units += scalar.length;
  }
  return [from < 0 ? units : from, units];
}

/** How many bytes of UTF-8 a scalar value takes. */
function bytesOf(scalar: string): number {
  const code = scalar.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/**
 * Offsets of a span in Unicode scalar values from offsets in bytes of UTF-8, as watch terms are found. An offset inside
 * of a character is moved out to its edge, so that a mark never cuts one.
 */
export function fromUtf8(text: string, [start, end]: Span): Span {
  let bytes = 0;
  let scalars = 0;
  let from = 0;
  let to = 0;
  for (const scalar of text) {
    if (bytes <= start) from = scalars;
    if (bytes < end) to = scalars + 1;
    bytes += bytesOf(scalar);
    scalars += 1;
  }
  return start >= bytes ? [scalars, scalars] : [from, to];
}

/** Something that is marked in a text. */
export interface Mark<M> {
  span: Span;
  meta: M;
}

/** A piece of a text with everything that marks it. */
export interface Piece<M> {
  text: string;
  metas: M[];
}

/** Cuts a text at every edge of a mark, so that overlapping marks each keep their whole length. */
export function pieces<M>(text: string, marks: readonly Mark<M>[]): Piece<M>[] {
  const placed = marks
    .map((mark) => ({ meta: mark.meta, span: toUtf16(text, mark.span) }))
    .filter(({ span }) => span[1] > span[0]);
  const edges = [...new Set([0, text.length, ...placed.flatMap(({ span }) => span)])].sort((a, b) => a - b);
  const cut: Piece<M>[] = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const from = edges[index] ?? 0;
    const to = edges[index + 1] ?? text.length;
    const metas = placed.filter(({ span }) => span[0] <= from && span[1] >= to).map(({ meta }) => meta);
    cut.push({ text: text.slice(from, to), metas });
  }
  return cut;
}
