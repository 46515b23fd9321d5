import { useState } from "react";
import { isNumeric, type Row, separated } from "../model/packing";

interface PackRowsProps {
  rows: readonly Row[];
  change: (rows: readonly Row[]) => void;
}

/** The inner parameters to choose from: those on the faces of the blocks first, the rest on demand. */
export function PackRows({ rows, change }: PackRowsProps) {
  const [all, setAll] = useState(false);
  const shown = rows.filter((row) => all || row.schema.headline || row.chosen);
  const set = (row: Row, typed: Partial<Row>) =>
    change(rows.map((one) => (one === row ? { ...one, ...typed } : one)));
  if (rows.length === 0) return <p className="calm">These blocks have no parameters.</p>;
  return (
    <>
      <div className="pack" role="group" aria-label="Parameters of the block">
        <div className="pack-head" aria-hidden="true">
          <span>Show as its parameter</span>
          <span>Called</span>
          <span>Default</span>
          <span>Least</span>
          <span>Most</span>
        </div>
        {shown.map((row) => (
          <PackRow
            key={row.key}
            row={row}
            set={(typed) => set(row, typed)}
            separate={() => change(separated(rows, row.key))}
          />
        ))}
      </div>
      <p className="pack-hint">
        Rows of one name become one parameter that sets them all.
        {!all && shown.length < rows.length && (
          <button type="button" className="link" onClick={() => setAll(true)}>
            {rows.length - shown.length} more
          </button>
        )}
      </p>
    </>
  );
}

interface PackRowProps {
  row: Row;
  set: (typed: Partial<Row>) => void;
  separate: () => void;
}

function PackRow({ row, set, separate }: PackRowProps) {
  const { schema, chosen } = row;
  const cell = (field: "name" | "initial" | "min" | "max", label: string) => (
    <input
      name={`${row.key} ${field}`}
      aria-label={`${label} of ${schema.label}`}
      value={row[field]}
      disabled={!chosen}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ [field]: event.target.value })}
    />
  );
  return (
    <div className="pack-row" data-chosen={chosen}>
      <label>
        <input type="checkbox" checked={chosen} onChange={(event) => set({ chosen: event.target.checked })} />
        <span>
          {schema.label} <small title={row.of.join(", ")}>{row.of.join(", ")}</small>
        </span>
        {row.targets.length > 1 && (
          <button type="button" className="link" onClick={separate} title="A row for each block">
            separate
          </button>
        )}
      </label>
      {cell("name", "Name")}
      <InitialCell row={row} set={set} />
      {isNumeric(schema) ? cell("min", "Least") : <span />}
      {isNumeric(schema) ? cell("max", "Most") : <span />}
    </div>
  );
}

function InitialCell({ row, set }: Omit<PackRowProps, "separate">) {
  const { schema, chosen, initial } = row;
  const options = schema.kind === "flag" ? ["true", "false"] : schema.options;
  const shared = { name: `${row.key} initial`, "aria-label": `Default of ${schema.label}`, disabled: !chosen };
  if (!options) {
    return (
      <input {...shared} value={initial} autoComplete="off" onChange={(event) => set({ initial: event.target.value })} />
    );
  }
  return (
    <select {...shared} value={initial} onChange={(event) => set({ initial: event.target.value })}>
      {options.map((option) => (
        <option key={option} value={option}>
          {option.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}
