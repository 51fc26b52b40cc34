/** The names of the networks. */
export const networks: Record<string, string> = {
  wordpress: "WordPress",
  feed: "Canal",
  import: "Archivo importado",
  google_business: "Perfil de Empresa en Google",
  facebook: "Facebook",
  instagram: "Instagram",
  youtube: "YouTube",
  x: "X",
  linkedin: "LinkedIn",
  yelp: "Yelp",
  mastodon: "Mastodon",
  bluesky: "Bluesky",
  email: "Correo electrónico",
  review_page: "Página de reseñas",
};

/** The same, short enough for the queue. */
export const shortNetworks: Record<string, string> = {
  ...networks,
  google_business: "Google",
  import: "Importación",
  email: "Correo",
};
