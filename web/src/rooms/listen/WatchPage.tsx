import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { NewWatchTerm } from "../../api/connecting";
import { keys, useChange, useMay, useWatchTerms } from "../../api/hooks";
import { watching } from "../../api/operations";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { Loaded, ProblemNote } from "../../ui/Feedback";
import { SelectField, TextArea } from "../../ui/Field";
import { TryTerms } from "./TryTerms";
import { WatchList } from "./WatchList";
import { linesOf, TERM_KINDS, type TermKind, termsOf } from "./watch";
import "./listen.css";

/** What is watched for in all that is said in public: the terms, adding many at once, and trying a text. */
export function WatchPage() {
  const m = useMessages();
  useTitle(m.watch.title);
  const terms = useWatchTerms();
  const mayChange = useMay()("manage_sources");
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.watch.title}</h1>
          <p>{m.watch.lead}</p>
          <p>
            <Link to="/listen">{m.listen.backToAll}</Link>
          </p>
        </div>
      </header>
      {mayChange && <AddTerms />}
      <Loaded query={terms} shape="card" rows={1}>
        {(page) => <WatchList terms={page.items} mayChange={mayChange} />}
      </Loaded>
      <TryTerms />
    </div>
  );
}

function AddTerms() {
  const m = useMessages();
  const words = m.watch;
  const [text, setText] = useState("");
  const [kind, setKind] = useState<TermKind>("name");
  const [unless, setUnless] = useState("");
  const [tried, setTried] = useState(false);
  const add = useChange((terms: NewWatchTerm[]) => watching.add(terms), [keys.watchTerms, keys.audit]);
  const count = linesOf(text).length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (count === 0) return;
    add.mutate(termsOf(text, kind, unless), {
      onSuccess: ({ added }) => {
        setText("");
        setUnless("");
        setTried(false);
        announce(words.added(added));
      },
    });
  };
  return (
    <form className="section-card" aria-labelledby="add-terms" onSubmit={submit} noValidate>
      <h2 id="add-terms">{words.add}</h2>
      <TextArea
        label={words.terms}
        help={words.termsHelp}
        error={tried && count === 0 ? words.needs : undefined}
        rows={4}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="field-grid">
        <SelectField
          label={words.kind}
          value={kind}
          onChange={(event) => setKind(TERM_KINDS.find((one) => one === event.target.value) ?? "other")}
          options={TERM_KINDS.map((one) => [one, words.kinds[one]] as const)}
        />
        {count === 1 && (
          <TextArea
            label={words.unless}
            help={words.unlessHelp}
            rows={2}
            value={unless}
            onChange={(event) => setUnless(event.target.value)}
          />
        )}
      </div>
      <ProblemNote problem={add.error} />
      <div className="row-actions">
        <button type="submit" className="primary" disabled={add.isPending}>
          {count === 0 ? words.addNone : words.addNow(count)}
        </button>
        {add.data && text === "" && <span className="small">{words.added(add.data.added)}</span>}
      </div>
    </form>
  );
}
