import type { Attachment } from "../../api/types";
import { useLocale } from "../../i18n";
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
  at: string | null;
}

/** Exactly what leaves: the words, the files in their order with their descriptions, the link, the time. */
export function Preview({ content, titled, carriesAlt, account, network, at }: Props) {
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
        {at ? words.leavesAt(exact(at, tag, zone)) : words.leavesNow}
      </p>
    </section>
  );
}
