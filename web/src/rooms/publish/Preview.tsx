import type { Attachment } from "../../api/types";
import { useLocale } from "../../i18n";
import { dollars } from "../../lib/money";
import { exact } from "../../lib/time";
import type { Content } from "./content";
import { Thumbnail } from "./Files";
import { languageName } from "./languages";

interface Props {
  content: Content;
  /** Whether the network shows the title here. */
  titled: boolean;
  /** Whether the network carries a description of this file. */
  carriesAlt: (file: Attachment) => boolean;
  account: string;
  network: string;
  /** What the network charges, in millionths of a US dollar; null where nothing. */
  price: number | null;
  /** When it leaves; null for at once. */
  at: string | null;
  /** Its time is still to be chosen. */
  open: boolean;
}

/** Exactly what leaves: the words, the files in their order with their descriptions, the link, the time. */
export function Preview({ content, titled, carriesAlt, account, network, price, at, open }: Props) {
  const { m, tag, zone } = useLocale();
  const words = m.publish;
  const { title, text, link, language, media } = content;
  return (
    <section className="post-preview" aria-labelledby="goes-out">
      <h2 id="goes-out">{words.goesOut}</h2>
      {account && (
        <p>
          <strong>{words.on(account, network)}</strong> · <strong>{m.answer.visibility.public}</strong>.{" "}
          {m.door.readers.public}
          {price ? ` ${m.door.price(dollars(price / 1_000_000, tag))}` : ""}
        </p>
      )}
      <div className="final-post">
        {titled && title.trim() && <p className="final-title">{title.trim()}</p>}
        {text.trim() && <p className="final-words">{text}</p>}
        {media.length > 0 && (
          <ol className="plain final-files">
            {media.map((file) => (
              <li key={file.id}>
                <Thumbnail file={file} />
                {carriesAlt(file) && (
                  <p className={file.alt?.trim() ? "help" : "help is-missing"}>
                    {file.alt?.trim() ? words.described(file.alt.trim()) : words.undescribed}
                  </p>
                )}
              </li>
            ))}
          </ol>
        )}
        {link.trim() && <p className="final-link">{link.trim()}</p>}
      </div>
      <p className="muted">
        {language && `${words.inLanguage(languageName(language, tag))} `}
        {at ? words.leavesAt(exact(at, tag, zone)) : open ? words.leavesWhen : words.leavesNow}
      </p>
    </section>
  );
}
