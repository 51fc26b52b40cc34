/** The names of the networks. */
export const networks: Record<string, string> = {
  wordpress: "WordPress",
  feed: "Feed",
  import: "Imported file",
  google_business: "Google Business Profile",
  facebook: "Facebook",
  instagram: "Instagram",
  youtube: "YouTube",
  x: "X",
  linkedin: "LinkedIn",
  yelp: "Yelp",
  mastodon: "Mastodon",
  bluesky: "Bluesky",
  email: "E-mail",
  review_page: "Review page",
};

/** The same, short enough for the queue. */
export const shortNetworks: Record<string, string> = {
  ...networks,
  google_business: "Google",
  import: "Import",
};
