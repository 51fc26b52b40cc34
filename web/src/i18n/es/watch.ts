import type { Messages } from "../en";

export const watch: Messages["watch"] = {
  title: "Términos vigilados",
  lead: "De todo lo que se dice en público, Bedside toma lo que nombra uno de estos.",
  add: "Añadir términos",
  terms: "Uno en cada línea",
  termsHelp: "Un nombre, un lugar, un médico, un error de escritura habitual. Como máximo 200 caracteres cada uno.",
  needs: "Escriba al menos un término.",
  kind: "Qué son",
  kinds: {
    name: "Nombre de la organización",
    site: "Sede",
    doctor: "Médico u otro personal",
    campaign: "Campaña",
    misspelling: "Error de escritura",
    other: "Otra cosa",
  },
  unless: "No donde aparezca uno de estos",
  unlessHelp: "Uno en cada línea. Para un nombre que también significa otra cosa.",
  addNow: (n) => (n === 1 ? "Añadir 1 término" : `Añadir ${n} términos`),
  addNone: "Añadir",
  added: (n) => (n === 0 ? "Ya estaban todos." : n === 1 ? "1 término es nuevo." : `${n} términos son nuevos.`),
  list: (n) => (n === 1 ? "1 término" : `${n} términos`),
  find: "Buscar en la lista",
  notFound: "Ningún término contiene eso.",
  empty: "Aún no se vigila nada. Empiece con el nombre de su organización, como lo escribe la gente.",
  notWhere: (words) => `no donde aparezca: ${words}`,
  remove: "Quitar",
  removed: (term) => `${term} ya no se vigila.`,
  tryTitle: "Probar un texto",
  tryLead: "Lo que se encontraría en él. No se guarda nada.",
  tryLabel: "El texto",
  tryIt: "Probarlo",
  hits: (n) =>
    n === 0
      ? "No contiene ningún término: no entraría."
      : n === 1
        ? "Se encontró 1 lugar."
        : `Se encontraron ${n} lugares.`,
};
