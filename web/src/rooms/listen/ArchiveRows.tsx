import type { ImportPreview } from "../../api/types";
import { useMessages } from "../../i18n";

const SHOWN = 10;

/** An archive of a network with its first rows; there is nothing to map. */
export function ArchiveRows({ preview }: { preview: ImportPreview }) {
  const words = useMessages().listen;
  const kind = preview.columns.indexOf("kind");
  return (
    <div className="stack">
      <div>
        <h2>{words.archiveIs(words.archives[preview.format] ?? preview.format.replaceAll("_", " "))}</h2>
        <p className="small">{words.archiveLead}</p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className="table-wrap" tabIndex={0} aria-label={words.sample}>
        <table className="grid-table">
          <thead>
            <tr>
              {preview.columns.map((column) => (
                <th key={column} scope="col">
                  {words.archiveColumns[column] ?? column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, SHOWN).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name and never move.
              <tr key={index}>
                {preview.columns.map((column, at) => (
                  <td key={column} className="cell-text">
                    {at === kind ? (words.archiveKinds[row[at] ?? ""] ?? row[at]) : row[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
