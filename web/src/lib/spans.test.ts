import { describe, expect, it } from "vitest";
import { fromUtf8, pieces, toUtf16 } from "./spans";

const words = (text: string, span: [number, number]) => text.slice(...toUtf16(text, span));

describe("spans of the API in the browser's text", () => {
  it("are the same where every character is one unit", () => {
    expect(words("Waited three hours", [7, 12])).toBe("three");
  });

  it("count an emoji as one, though the browser counts two", () => {
    expect(words("😢😢 my dad", [3, 9])).toBe("my dad");
  });

  it("count each part of a joined emoji and each combining mark", () => {
    const family = "👩‍👧 here";
    expect([...family].length).toBe(8);
    expect(words(family, [4, 8])).toBe("here");
    expect(words("cafe\u0301 ok", [6, 8])).toBe("ok");
  });

  it("are cut to the text, so that a late answer about a longer draft cannot break the page", () => {
    expect(toUtf16("ab", [1, 9])).toEqual([1, 2]);
    expect(toUtf16("ab", [5, 9])).toEqual([2, 2]);
    expect(toUtf16("", [0, 0])).toEqual([0, 0]);
  });

  it("may overlap: each piece names all that mark it", () => {
    const cut = pieces("abcdef", [
      { span: [1, 4], meta: "x" },
      { span: [3, 5], meta: "y" },
    ]);
    expect(cut).toEqual([
      { text: "a", metas: [] },
      { text: "bc", metas: ["x"] },
      { text: "d", metas: ["x", "y"] },
      { text: "e", metas: ["y"] },
      { text: "f", metas: [] },
    ]);
  });

  it("leave out what is about the whole text", () => {
    expect(pieces("ab", [{ span: [0, 0], meta: "x" }])).toEqual([{ text: "ab", metas: [] }]);
  });
});

describe("spans in bytes of UTF-8", () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const found = (text: string, term: string) => {
    const start = bytes(text.slice(0, text.indexOf(term)));
    return words(text, fromUtf8(text, [start, start + bytes(term)]));
  };

  it("mark the same words, whatever stands before and in them", () => {
    expect(found("at Elm Street", "Elm Street")).toBe("Elm Street");
    expect(found("señora: Clínica Olmo", "Clínica")).toBe("Clínica");
    expect(found("😢 €5 für Dr. Müller 👩‍⚕️ gut", "Dr. Müller")).toBe("Dr. Müller");
    expect(found("Przychodnia w Łodzi, ul. Dębowa", "ul. Dębowa")).toBe("ul. Dębowa");
    expect(found("am Ende 😢", "😢")).toBe("😢");
  });

  it("never cut a character, and end with the text", () => {
    expect(fromUtf8("a😢b", [2, 4])).toEqual([1, 2]);
    expect(fromUtf8("ab", [1, 9])).toEqual([1, 2]);
    expect(fromUtf8("ab", [7, 9])).toEqual([2, 2]);
    expect(fromUtf8("", [0, 0])).toEqual([0, 0]);
  });
});
