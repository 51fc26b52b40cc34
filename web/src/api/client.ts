import type { Verdict } from "./types";

/** What went wrong, as the server says it (RFC 9457), or as the browser does where no answer came. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly fields: { field: string; message: string }[] = [],
    readonly verdict: Verdict | null = null,
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** The message for one field of a form, where the server named it. */
  field(name: string): string | undefined {
    return this.fields.find((entry) => entry.field === name || entry.field.endsWith(`.${name}`))?.message;
  }
}

/** The code of a problem that never reached the server. */
export const NO_CONNECTION = "no_connection";

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Call {
  query?: Query;
  body?: unknown;
  form?: FormData;
  /** The version that a change was made on. */
  ifMatch?: number | string;
  /** One key for every attempt of one decision: a repeated send never acts twice. */
  key?: string;
  signal?: AbortSignal;
}

const BASE = "/api/v1";

function address(path: string, query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${BASE}${path}?${text}` : `${BASE}${path}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

async function problemOf(response: Response): Promise<Problem> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    // A proxy in between answers in its own words; the status is all there is.
  }
  if (!isRecord(body)) return new Problem(`http_${response.status}`, response.status, response.statusText);
  const text = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
  const fields = Array.isArray(body.fields) ? (body.fields as { field: string; message: string }[]) : [];
  const verdict = isRecord(body.verdict) ? (body.verdict as unknown as Verdict) : null;
  return new Problem(
    text("code") || `http_${response.status}`,
    response.status,
    text("detail") || text("title"),
    fields,
    verdict,
  );
}

/** A fresh key for one decision. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** Calls one operation and gives its answer with its `ETag`; throws a {@link Problem}. */
export async function callTagged<T>(
  method: string,
  path: string,
  call: Call = {},
): Promise<{ data: T; etag: string | null }> {
  const headers = new Headers({ accept: "application/json" });
  if (call.body !== undefined) headers.set("content-type", "application/json");
  if (call.ifMatch !== undefined) {
    headers.set("if-match", typeof call.ifMatch === "number" ? `"${call.ifMatch}"` : call.ifMatch);
  }
  if (method === "POST") headers.set("idempotency-key", call.key ?? newKey());
  let response: Response;
  try {
    response = await fetch(address(path, call.query), {
      method,
      headers,
      body: call.form ?? (call.body === undefined ? undefined : JSON.stringify(call.body)),
      signal: call.signal,
      credentials: "same-origin",
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Problem(NO_CONNECTION, 0, "");
  }
  if (!response.ok) throw await problemOf(response);
  const text = response.status === 204 ? "" : await response.text();
  const data: unknown = text === "" ? null : JSON.parse(text);
  return { data: data as T, etag: response.headers.get("etag") };
}

/** Calls one operation and gives its answer; throws a {@link Problem}. */
export async function call<T>(method: string, path: string, options: Call = {}): Promise<T> {
  return (await callTagged<T>(method, path, options)).data;
}
