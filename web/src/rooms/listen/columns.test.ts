import { describe, expect, it } from "vitest";
import { assign, firstPart, guessed, meaning, needsMap } from "./columns";

describe("the columns of an import", () => {
  it("take the server's guess only for columns that the file has", () => {
    const preview = { format: "csv", columns: ["Review", "Who"], rows: [], guess: { text: "Review", author: "Name" } };
    expect(guessed(preview)).toEqual({ text: "Review" });
  });

  it("hold each thing in one column and each column as one thing", () => {
    let map = assign({}, "A", "text");
    map = assign(map, "B", "text");
    expect(map).toEqual({ text: "B" });
    map = assign(map, "B", "author");
    expect(map).toEqual({ author: "B" });
    expect(meaning(map, "B")).toBe("author");
    expect(meaning(assign(map, "B", null), "B")).toBeNull();
  });

  it("are asked for a table only, not for an archive of a network", () => {
    expect(["csv", "jsonl", "activity_streams1", "google_takeout"].map(needsMap)).toEqual([true, true, false, false]);
  });

  it("send only whole lines of a large file for the preview", async () => {
    const part = await firstPart(new Blob(["text\nfirst row\nsecond row that is cut"]), 20);
    expect(await part.text()).toBe("text\nfirst row\n");
  });
});
