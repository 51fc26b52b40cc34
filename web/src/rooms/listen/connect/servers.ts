/** Servers of networks that have many: what a person types, and which registration is with one. */
import type { Registration } from "../../../api/connecting";

/**
 * The address of the server that somebody typed: a name (`social.example.org`), an address of any page there, or a handle
 * with its server (`@clinic@social.example.org`). Null where it is none.
 */
export function serverAddress(typed: string): string | null {
  const text = typed.trim();
  const host = /^@?[^@\s/:]+@([^@\s/]+)$/.exec(text)?.[1] ?? text;
  try {
    const address = new URL(/^https?:\/\//i.test(host) ? host : `https://${host}`);
    const named = address.hostname.includes(".") || address.hostname === "localhost";
    return named && address.username === "" ? `${address.origin}/` : null;
  } catch {
    return null;
  }
}

/** The registration with a server, where there is one already. */
export function registrationAt(address: string, known: readonly Registration[]): Registration | null {
  return known.find((one) => serverAddress(one.base_url) === address) ?? null;
}
