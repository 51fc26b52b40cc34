import { describe, expect, it } from "vitest";
import { placeName } from "./place";

describe("a place", () => {
  it("is called by its name, and a text that people comment on is quoted", () => {
    expect(placeName("Lakeside Health")).toBe("Lakeside Health");
    expect(placeName(" Opening hours\n in autumn ")).toBe("Opening hours in autumn");
    expect(placeName("We are open again!")).toBe("“We are open again!”");
    expect(placeName("Welcome to our page. Tell us what you think of the new lake entrance")).toBe(
      "“Welcome to our page. Tell us what you think of…”",
    );
  });
});
