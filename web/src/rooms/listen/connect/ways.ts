/** Which form a network's account needs, and what that form says to the API. Decisions only; nothing is drawn here. */
import type { Credentials, NetworkShape } from "../../../api/connecting";
import type { NewAccount } from "../../../api/types";

/** How an account is connected, as the API names it. */
export const WAYS = ["open", "password", "token", "oauth1", "authorisation"] as const;
export type Way = (typeof WAYS)[number];
/** The ways that are a form of ours; by authorisation the network asks the owner itself. */
export type FormWay = Exclude<Way, "authorisation">;

export const FIELDS = [
  "name",
  "address",
  "username",
  "password",
  "token",
  "refresh_token",
  "client_id",
  "client_secret",
  "consumer_key",
  "consumer_secret",
  "access_token",
  "access_token_secret",
  "location",
  "business",
  "folder",
  "from",
  "smtp_host",
  "smtp_port",
  "smtp_tls",
  "hears",
  "application",
] as const;
export type FieldName = (typeof FIELDS)[number];

export type Form = Record<FieldName | "phone" | "email" | "url", string> & { part2: boolean };

/** A field of a form. What is secret is never shown and is forgotten once it was sent. */
export interface FieldOf {
  name: FieldName;
  needed: boolean;
  secret: boolean;
}

const field = (name: FieldName, needed = true): FieldOf => ({ name, needed, secret: SECRET.has(name) });
const SECRET = new Set<FieldName>([
  "password",
  "token",
  "refresh_token",
  "client_secret",
  "consumer_secret",
  "access_token",
  "access_token_secret",
]);

const CREDENTIALS: Record<FormWay, readonly FieldOf[]> = {
  open: [],
  password: [field("username"), field("password")],
  token: [field("token")],
  oauth1: [field("consumer_key"), field("consumer_secret"), field("access_token"), field("access_token_secret")],
};

/** What renews a token; all three or none. */
export const RENEWAL: readonly FieldOf[] = [
  field("client_id", false),
  field("client_secret", false),
  field("refresh_token", false),
];

const SETTINGS: Record<string, readonly FieldOf[]> = {
  google_business: [field("location")],
  yelp: [field("business")],
  email: [field("from"), field("folder", false), field("smtp_host"), field("smtp_port"), field("smtp_tls")],
  feed: [field("hears")],
  linkedin: [field("application", false)],
};

/** The ways of a network that this page knows, in the network's order. */
export function waysOf(network: NetworkShape): Way[] {
  return network.ways.filter((way): way is Way => (WAYS as readonly string[]).includes(way));
}

/** The fields of a form, in the order in which they are asked. */
export function fieldsOf(network: string, way: FormWay): FieldOf[] {
  return [field("name"), field("address"), ...(SETTINGS[network] ?? []), ...CREDENTIALS[way]];
}

/** An empty form, with what is already known of a network. */
export function emptyForm(network: NetworkShape): Form {
  const form = { phone: "", email: "", url: "", part2: false } as Form;
  for (const name of FIELDS) form[name] = "";
  return {
    ...form,
    address: network.home ?? "",
    folder: "INBOX",
    smtp_port: "465",
    smtp_tls: "tls",
    hears: "everything",
  };
}

/** The form once it was sent: what is secret is typed anew where it must be corrected. */
export function withoutSecrets(form: Form): Form {
  const rest = { ...form };
  for (const name of SECRET) rest[name] = "";
  return rest;
}

/** What is needed and not filled in. */
export function missing(network: string, way: FormWay, form: Form): FieldName[] {
  const fields = fieldsOf(network, way);
  const renews = way === "token" && RENEWAL.some(({ name }) => form[name].trim() !== "");
  const needed = [...fields.filter((one) => one.needed), ...(renews ? RENEWAL : [])];
  return needed.map((one) => one.name).filter((name) => form[name].trim() === "");
}

/** Whether anything can be answered there, so that the public's ways to the organisation are asked for. */
export const answers = (network: NetworkShape) => network.capabilities.includes("reply");

function credentialsOf(way: FormWay, form: Form): Credentials | undefined {
  const plain = (name: FieldName) => form[name].trim();
  switch (way) {
    case "open":
      return undefined;
    case "password":
      // A password may begin or end with a blank.
      return { username: plain("username"), password: form.password };
    case "oauth1":
      return {
        consumer_key: plain("consumer_key"),
        consumer_secret: plain("consumer_secret"),
        access_token: plain("access_token"),
        access_token_secret: plain("access_token_secret"),
      };
    case "token":
      if (plain("client_id") === "") return { token: plain("token") };
      return {
        client_id: plain("client_id"),
        client_secret: plain("client_secret"),
        access_token: plain("token"),
        refresh_token: plain("refresh_token"),
      };
  }
}

function configOf(network: string, form: Form): Record<string, unknown> | undefined {
  const plain = (name: FieldName) => form[name].trim();
  switch (network) {
    case "google_business":
      return { location: plain("location"), location_title: plain("name") };
    case "yelp":
      return { business: plain("business") };
    case "email":
      return {
        folder: plain("folder") || "INBOX",
        from: plain("from"),
        smtp: { host: plain("smtp_host"), port: Number(plain("smtp_port")), tls: plain("smtp_tls") },
      };
    case "feed":
      return { hears: plain("hears") };
    case "linkedin":
      return plain("application") ? { application: plain("application") } : undefined;
    default:
      return undefined;
  }
}

/** The request that connects an account. */
export function bodyOf(network: NetworkShape, way: FormWay, form: Form): NewAccount {
  const orNone = (value: string) => value.trim() || null;
  const body: NewAccount = { network: network.name, name: form.name.trim(), base_url: form.address.trim() };
  const credentials = credentialsOf(way, form);
  const config = configOf(network.name, form);
  if (credentials) body.credentials = credentials;
  if (config) body.config = config;
  if (answers(network)) {
    body.contacts = { phone: orNone(form.phone), email: orNone(form.email), url: orNone(form.url) };
    body.part2 = form.part2;
  }
  return body;
}

const HEARD = ["read_reviews", "read_comments", "read_mentions", "read_direct_messages", "read_posts"];

/** What a network lets us do, in few: what is heard, answering, publishing. */
export function inShort(capabilities: readonly string[]): string[] {
  const short = [...HEARD, "reply"].filter((name) => capabilities.includes(name));
  return capabilities.some((name) => name.startsWith("post_")) ? [...short, "publish"] : short;
}
