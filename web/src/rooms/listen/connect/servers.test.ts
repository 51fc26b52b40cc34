import { expect, test } from "vitest";
import type { Registration } from "../../../api/connecting";
import { registrationAt, serverAddress } from "./servers";

test("a server is found in whatever people type", () => {
  for (const typed of [
    "social.example.org",
    " https://social.example.org/@clinic ",
    "@clinic@social.example.org",
    "clinic@social.example.org",
    "SOCIAL.example.org/about",
  ]) {
    expect(serverAddress(typed), typed).toBe("https://social.example.org/");
  }
  expect(serverAddress("http://localhost:4490")).toBe("http://localhost:4490/");
  for (const typed of ["", "clinic", "two words", "https://", "https://user@social.example.org/"]) {
    expect(serverAddress(typed), typed).toBeNull();
  }
});

test("a server that knows us is not asked to know us again", () => {
  const known = [{ id: "app_1", base_url: "https://social.example.org" }] as Registration[];
  expect(registrationAt("https://social.example.org/", known)?.id).toBe("app_1");
  expect(registrationAt("https://other.example.org/", known)).toBeNull();
});
