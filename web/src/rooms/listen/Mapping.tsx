import type { ImportPreview } from "../../api/types";
import { useMessages } from "../../i18n";
import { assign, COLUMNS, type ColumnMap, type ColumnName, meaning } from "./columns";

/** The first rows of a file as a table; above each column stands what it is. */
export function Mapping({
  preview,
  columns,
  change,
  problem,
}: {
  preview: ImportPreview;
  columns: ColumnMap;
  change: (columns: ColumnMap) => void;
  problem: boolean;
}) {
  const words = useMessages().listen;
  const label = (name: ColumnName) => words.fields[name === "date" ? "published_at" : name] ?? name;
  return (
    <div className="stack">
      <div>
        <h2>{words.mapping}</h2>
        <p className="small">{words.mappingHelp}</p>
      </div>
      {problem && (
        <p className="field-error" role="alert">
          {words.needsText}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className="table-wrap" tabIndex={0} aria-label={words.sample}>
        <table className="grid-table">
          <thead>
            <tr>
              {preview.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                  <select
                    aria-label={`${column} ${words.isWhat}`}
                    value={meaning(columns, column) ?? ""}
                    onChange={(event) =>
                      change(assign(columns, column, COLUMNS.find((name) => name === event.target.value) ?? null))
                    }
                  >
                    <option value="">{words.ignored}</option>
                    {COLUMNS.map((name) => (
                      <option key={name} value={name}>
                        {label(name)}
                      </option>
                    ))}
                  </select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, 10).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name and never move.
              <tr key={index}>
                {preview.columns.map((column, at) => (
                  <td key={column} className="cell-text">
                    {row[at]}
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
