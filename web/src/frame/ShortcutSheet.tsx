import { useState } from "react";
import { useMessages } from "../i18n";
import { preferences } from "../lib/storage";
import { Dialog } from "../ui/Dialog";
import { CheckField } from "../ui/Field";

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const m = useMessages();
  const words = m.common.keys;
  const [letters, setLetters] = useState(preferences.letters());
  const rows: [keys: string[], what: string][] = [
    [["j", "k"], words.move],
    [["Enter"], words.open],
    [["e"], words.assign],
    [["r"], words.reply],
    [["n"], words.note],
    [["s"], words.snooze],
    [["x"], words.resolve],
    [["h"], words.handOver],
    [["l"], words.labels],
    [["w"], words.why],
    [["Ctrl/⌘", "Enter"], words.send],
    [["Esc"], words.escape],
    [["/"], words.search],
    [["?"], words.sheet],
  ];
  return (
    <Dialog title={words.title} onClose={onClose}>
      <table className="keys">
        <tbody>
          {rows.map(([keys, what]) => (
            <tr key={what}>
              <th scope="row">
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <CheckField
        label={words.letters}
        checked={letters}
        onChange={(event) => {
          preferences.setLetters(event.target.checked);
          setLetters(event.target.checked);
        }}
      />
    </Dialog>
  );
}
