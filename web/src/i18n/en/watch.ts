export const watch = {
  title: "Watch terms",
  lead: "Of everything that is said in public, Bedside takes in what names one of these.",
  add: "Add terms",
  terms: "One in each line",
  termsHelp: "A name, a place, a doctor, a usual misspelling. At most 200 characters each.",
  needs: "Write at least one term.",
  kind: "What they are",
  kinds: {
    name: "Name of the organisation",
    site: "Site",
    doctor: "Doctor or other staff",
    campaign: "Campaign",
    misspelling: "Misspelling",
    other: "Something else",
  },
  unless: "Not where one of these stands",
  unlessHelp: "One in each line. For a name that also means something else.",
  addNow: (n: number) => (n === 1 ? "Add 1 term" : `Add ${n} terms`),
  addNone: "Add",
  added: (n: number) =>
    n === 0 ? "All of them were there already." : n === 1 ? "1 term is new." : `${n} terms are new.`,
  list: (n: number) => (n === 1 ? "1 term" : `${n} terms`),
  find: "Find in the list",
  notFound: "No term has that in it.",
  empty: "Nothing is watched for yet. Begin with the name of your organisation, as people write it.",
  notWhere: (words: string) => `not where there is: ${words}`,
  remove: "Remove",
  removed: (term: string) => `${term} is no longer watched for.`,
  tryTitle: "Try a text",
  tryLead: "What would be found in it. Nothing is stored.",
  tryLabel: "The text",
  tryIt: "Try it",
  hits: (n: number) =>
    n === 0
      ? "No term stands in it: it would not come in."
      : n === 1
        ? "1 place was found."
        : `${n} places were found.`,
};
