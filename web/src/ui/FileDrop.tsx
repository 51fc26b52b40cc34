import { useState } from "react";
import "./file-drop.css";

interface Props {
  /** The id of the field; the help takes its own from it. */
  id: string;
  label: string;
  help: string;
  accept: string;
  multiple?: boolean;
  onFiles: (files: readonly File[]) => void;
}

/** A place to choose files, or to drop them. */
export function FileDrop({ id, label, help, accept, multiple = false, onFiles }: Props) {
  const [over, setOver] = useState(false);
  const bring = (files: FileList | null) => {
    if (files && files.length > 0) onFiles(multiple ? [...files] : [...files].slice(0, 1));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the file field inside does the same for everybody.
    <div
      className={over ? "drop is-over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        bring(event.dataTransfer.files);
      }}
    >
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        multiple={multiple}
        accept={accept}
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          bring(event.target.files);
          // The same file may be chosen again after it was taken out.
          event.target.value = "";
        }}
      />
      <p className="help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}
