import { useId, useState } from "react";

interface CommittedFieldProps {
  label: string;
  name: string;
  value: string;
  maxLength: number;
  problemOf?: (typed: string) => string | null;
  commit: (typed: string) => void;
}

/** A field whose text counts once Enter is pressed or it is left: a half-typed name would reach others. */
export function CommittedField({ label, name, value, maxLength, problemOf, commit }: CommittedFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const problem = problemOf?.((typed ?? value).trim()) ?? null;
  const done = () => {
    const wanted = typed?.trim();
    setTyped(null);
    if (wanted !== undefined && wanted !== value) commit(wanted);
  };
  return (
    <div className="field field-name">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        value={typed ?? value}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key === "Escape") setTyped(null);
        }}
      />
      {problemOf && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
