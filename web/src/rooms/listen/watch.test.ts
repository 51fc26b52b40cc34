import { describe, expect, it } from "vitest";
import { termsOf } from "./watch";

describe("the watch terms of a text", () => {
  it("are its lines, without blank ones and each once", () => {
    expect(termsOf(" Elm Street  Clinic \n\nDr. Sample\nDr. Sample", "name", "")).toEqual([
      { term: "Elm Street Clinic", kind: "name", unless: [] },
      { term: "Dr. Sample", kind: "name", unless: [] },
    ]);
  });

  it("have exceptions only where there is one", () => {
    expect(termsOf("Elm Street", "site", "A Nightmare on Elm Street\n")).toEqual([
      { term: "Elm Street", kind: "site", unless: ["A Nightmare on Elm Street"] },
    ]);
    expect(termsOf("Elm Street\nOak Street", "site", "A Nightmare on Elm Street").map((term) => term.unless)).toEqual([
      [],
      [],
    ]);
  });
});
