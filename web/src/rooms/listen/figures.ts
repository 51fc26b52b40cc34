/** Figures of an account: which of them its card shows. */
import type { Figure } from "../../api/connecting";

/**
 * The newest of each kind of the account itself, in the order in which the server lists them. What was not told on the
 * newest day is shown with the day of which it is; what was never told is not there.
 */
export function newest(figures: readonly Figure[]): Figure[] {
  const seen = new Set<string>();
  return figures.filter((figure) => {
    if (figure.post_native_id !== null || seen.has(figure.source)) return false;
    seen.add(figure.source);
    return true;
  });
}

/** How many posts have figures. */
export const postsCounted = (figures: readonly Figure[]): number =>
  new Set(figures.flatMap((figure) => figure.post_native_id ?? [])).size;
