import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { TemplateEnd, TemplateEntry } from "../model/types";
import { TemplateFace } from "./TemplatesMenu";

interface TemplateFormProps {
  entry: TemplateEntry;
  back: () => void;
  /** Opens the template; what is left as it was is not among the values. */
  open: (values: { [end: string]: string }) => void;
}

/** The step before a template opens: the sizes of its input and its classes, as they are unless changed. */
export function TemplateForm({ entry, back, open }: TemplateFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<{ [end: string]: string }>({});
  useEffect(() => {
    const first = form.current?.querySelector<HTMLInputElement>("input");
    (first ?? form.current?.querySelector<HTMLButtonElement>(".primary"))?.focus();
    first?.select();
  }, []);
  const problem = entry.ends.map((end) => problemOf(end, typed[end.name])).find((words) => words !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === undefined) open(changed(entry.ends, typed));
  };
  return (
    <form ref={form} className="menu-list template-form" aria-label={`Open ${entry.title}`} onSubmit={submit}>
      <TemplateFace entry={entry} />
      <p>{entry.summary}</p>
      {entry.ends.map((end) => (
        <EndField
          key={end.name}
          end={end}
          value={typed[end.name] ?? String(end.value)}
          change={(value) => setTyped({ ...typed, [end.name]: value })}
        />
      ))}
      <p className="field-problem" role="alert">
        {problem}
      </p>
      <footer>
        <button type="button" className="button small" onClick={back}>
          Back
        </button>
        <button type="submit" className="button small primary" aria-disabled={problem !== undefined}>
          Open
        </button>
      </footer>
    </form>
  );
}

interface EndFieldProps {
  end: TemplateEnd;
  value: string;
  change: (value: string) => void;
}

function EndField({ end, value, change }: EndFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{titled(end.name)}</label>
      <input
        id={id}
        name={`template_${end.name}`}
        inputMode="numeric"
        value={value}
        maxLength={9}
        autoComplete="off"
        onChange={(event) => change(event.target.value)}
      />
    </div>
  );
}

function problemOf({ name, min, max }: TemplateEnd, typed: string | undefined): string | null {
  if (typed === undefined) return null;
  const value = Number(typed);
  const fits = /^\d+$/.test(typed.trim()) && value >= (min ?? 1) && value <= (max ?? Infinity);
  if (fits) return null;
  return `${titled(name)} is a whole number from ${min ?? 1}${max === null ? "" : ` to ${max}`}.`;
}

function changed(ends: readonly TemplateEnd[], typed: { [end: string]: string }): { [end: string]: string } {
  const others = ends.filter((end) => typed[end.name] !== undefined && Number(typed[end.name]) !== end.value);
  return Object.fromEntries(others.map((end) => [end.name, typed[end.name]?.trim() ?? ""]));
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
