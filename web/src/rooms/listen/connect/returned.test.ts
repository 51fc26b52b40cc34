import { describe, expect, it } from "vitest";
import { Problem } from "../../../api/client";
import { keepReturn, RETURN_PATH, readReturn, returned, webAddress, whyNot } from "./returned";

const said = (field: string) => new Problem("invalid", 422, "", [{ field, message: "no" }]);

describe("the way back from a network", () => {
  it("takes the code out of the address before anything else reads it", () => {
    const replaced: unknown[] = [];
    const history = { replaceState: (...all: unknown[]) => replaced.push(all) };
    keepReturn({ pathname: "/inbox", search: "?state=s&code=c" }, history);
    expect([replaced, returned()]).toEqual([[], null]);
    keepReturn({ pathname: RETURN_PATH, search: "?state=s&code=c" }, history);
    expect(replaced).toEqual([[null, "", RETURN_PATH]]);
    expect(returned()).toEqual({ state: "s", code: "c", error: null });
  });

  it("is none without a state", () => {
    expect(readReturn("?code=c")).toBeNull();
    expect(readReturn("?state=s&error=access_denied")).toEqual({ state: "s", code: null, error: "access_denied" });
  });

  it("is told apart where it came to nothing", () => {
    const refused = { state: "s", code: null, error: "access_denied" };
    expect(whyNot(said("code"), refused)).toBe("refused");
    expect(whyNot(said("code"), { ...refused, code: "c" })).toBe("failed");
    expect(whyNot(said("state"), refused)).toBe("expired");
    expect(whyNot(new Problem("not_found", 404, ""), null)).toBe("expired");
    expect(whyNot(new Problem("http_500", 500, ""), refused)).toBeNull();
  });
});

it("sends a browser only to addresses of the web", () => {
  expect(webAddress("https://social.example.org/oauth?state=s")).toBe("https://social.example.org/oauth?state=s");
  expect(webAddress("javascript:alert(1)")).toBeNull();
  expect(webAddress("social.example.org")).toBeNull();
});
