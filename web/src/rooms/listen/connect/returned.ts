/** The way back from a network: what it brought, and that none of it stays in the address. */

import { Problem } from "../../../api/client";
import type { AuthorisationReturn } from "../../../api/connecting";

/** Where networks send the browser back to, under the public address; a registration must allow it. */
export const RETURN_PATH = "/listen/connect/return";

/** The address that is entered at the network. */
export const returnAddress = (origin: string) => `${origin}${RETURN_PATH}`;

const GRANTED = "bedside.authorisation";

let kept: AuthorisationReturn | null = null;

/** What the network brought; null where the query holds no state. */
export function readReturn(query: string): AuthorisationReturn | null {
  const all = new URLSearchParams(query);
  const state = all.get("state");
  return state ? { state, code: all.get("code"), error: all.get("error") } : null;
}

/**
 * Takes the query of a return out of the address and keeps it in memory. Called before the router reads the address, so
 * that no history, no page to sign in at and no copied link holds the code.
 */
export function keepReturn(here: { pathname: string; search: string }, history: Pick<History, "replaceState">): void {
  if (here.pathname !== RETURN_PATH || here.search === "") return;
  kept = readReturn(here.search);
  history.replaceState(null, "", RETURN_PATH);
}

/** What was kept; null where nothing came back, or the page was loaded again. */
export const returned = () => kept;

/** Remembers which flow is under way, for a page that is loaded again; its id opens nothing to anybody else. */
export const flow = {
  /** The code is spent by then, and is forgotten. */
  remember: (id: string) => {
    kept = null;
    sessionStorage.setItem(GRANTED, id);
  },
  known: () => sessionStorage.getItem(GRANTED),
  forget: () => sessionStorage.removeItem(GRANTED),
};

/** Why a return came to nothing: the owner or the network said no, it took too long, or the exchange failed. */
export type WhyNot = "refused" | "expired" | "failed";

export function whyNot(problem: unknown, back: AuthorisationReturn | null): WhyNot | null {
  if (!(problem instanceof Problem)) return null;
  if (problem.field("state") || problem.status === 404) return "expired";
  if (problem.field("code")) return back?.code ? "failed" : "refused";
  return null;
}

/** An address that a browser may be sent to: one of the web, and nothing that runs. */
export function webAddress(text: string): string | null {
  try {
    const address = new URL(text);
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch {
    return null;
  }
}
