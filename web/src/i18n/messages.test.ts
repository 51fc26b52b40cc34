import { describe, expect, it } from "vitest";
import { en } from "./en";
import { es } from "./es";

function paths(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${path}:${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`));
}

function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe("the languages", () => {
  it("have the same keys, so that no page falls back to another language", () => {
    expect(paths(es).sort()).toEqual(paths(en).sort());
  });

  it("leave no text empty and none with our own words", () => {
    for (const [path, text] of [...texts(en), ...texts(es)]) {
      expect(text.trim(), path).not.toBe("");
      expect(text, path).not.toMatch(/\b(entity|entidad|sync job|webhook payload|null|undefined)\b/i);
    }
  });
});
