import { describe, expect, it } from "vitest";
import type { NetworkShape } from "../../../api/connecting";
import { bodyOf, emptyForm, type Form, type FormWay, fieldsOf, inShort, missing, waysOf, withoutSecrets } from "./ways";

const network = (name: string, part: Partial<NetworkShape> = {}) =>
  ({
    name,
    title: name,
    home: null,
    ways: ["token"],
    sources: [],
    capabilities: ["reply"],
    permissions: [],
    ...part,
  }) as unknown as NetworkShape;

const names = (of: string, way: FormWay) => fieldsOf(of, way).map((field) => field.name);

describe("the form of an account", () => {
  it("asks for what its way needs, and for what its network needs", () => {
    expect(names("review_page", "open")).toEqual(["name", "address"]);
    expect(names("bluesky", "password")).toEqual(["name", "address", "username", "password"]);
    expect(names("yelp", "token")).toEqual(["name", "address", "business", "token"]);
    expect(names("x", "oauth1").slice(2)).toEqual([
      "consumer_key",
      "consumer_secret",
      "access_token",
      "access_token_secret",
    ]);
    expect(names("email", "password")).toContain("smtp_host");
    expect(names("feed", "open")).toEqual(["name", "address", "hears"]);
    expect(names("linkedin", "token")).toEqual(["name", "address", "application", "token"]);
  });

  it("leaves out a way that this page does not know", () => {
    expect(waysOf(network("x", { ways: ["authorisation", "by_post", "token"] }))).toEqual(["authorisation", "token"]);
  });

  it("begins with the address of a network that has one", () => {
    expect(emptyForm(network("yelp", { home: "https://api.yelp.com/" })).address).toBe("https://api.yelp.com/");
  });

  it("names what is not filled in, the renewal of a token as a whole or not at all", () => {
    const form = {
      ...emptyForm(network("mastodon")),
      name: "Clinic",
      address: "https://social.example.org",
      token: "t",
    };
    expect(missing("mastodon", "token", form)).toEqual([]);
    expect(missing("mastodon", "token", { ...form, client_id: "1" })).toEqual(["client_secret", "refresh_token"]);
    expect(missing("mastodon", "token", { ...form, name: " " })).toEqual(["name"]);
  });
});

describe("the request that connects an account", () => {
  const filled = (part: Partial<Form>): Form => ({
    ...emptyForm(network("any")),
    name: " Clinic ",
    address: "https://social.example.org",
    ...part,
  });

  it("carries the credentials of each way in the shape of the API", () => {
    const sent = (way: FormWay, part: Partial<Form>) => bodyOf(network("any"), way, filled(part)).credentials;
    expect(sent("open", {})).toBeUndefined();
    expect(sent("password", { username: " care ", password: " p " })).toEqual({ username: "care", password: " p " });
    expect(sent("token", { token: " t " })).toEqual({ token: "t" });
    expect(sent("token", { token: "t", client_id: "1", client_secret: "2", refresh_token: "3" })).toEqual({
      client_id: "1",
      client_secret: "2",
      access_token: "t",
      refresh_token: "3",
    });
    expect(
      sent("oauth1", { consumer_key: "1", consumer_secret: "2", access_token: "3", access_token_secret: "4" }),
    ).toEqual({ consumer_key: "1", consumer_secret: "2", access_token: "3", access_token_secret: "4" });
  });

  it("carries the settings of a mailbox", () => {
    const form = filled({ from: "care@elm.example.org", smtp_host: "mail.example.org", smtp_port: "587", folder: "" });
    expect(bodyOf(network("email"), "password", form).config).toEqual({
      folder: "INBOX",
      from: "care@elm.example.org",
      smtp: { host: "mail.example.org", port: 587, tls: "tls" },
    });
  });

  it("says nothing of contacts where nothing can be answered", () => {
    const page = bodyOf(
      network("review_page", { capabilities: ["read_reviews"] }),
      "open",
      filled({ phone: "555-0100" }),
    );
    expect(page).toEqual({ network: "review_page", name: "Clinic", base_url: "https://social.example.org" });
    expect(bodyOf(network("any"), "open", filled({ phone: "555-0100" })).contacts).toEqual({
      phone: "555-0100",
      email: null,
      url: null,
    });
  });

  it("leaves no secret in the form once it was sent", () => {
    const left = withoutSecrets(filled({ username: "care", password: "p", token: "t", consumer_secret: "2" }));
    expect([left.username, left.password, left.token, left.consumer_secret]).toEqual(["care", "", "", ""]);
  });
});

describe("what a network can do, in short", () => {
  it("is what is heard, then answering, then publishing of any sort", () => {
    expect(inShort(["post_image", "reply", "hide", "read_comments", "read_reviews"])).toEqual([
      "read_reviews",
      "read_comments",
      "reply",
      "publish",
    ]);
    expect(inShort(["read_reviews"])).toEqual(["read_reviews"]);
  });
});
