import { useId, useState } from "react";
import { hiddenParams, withoutParam, withParam } from "../model/exposure";
import type { Definition, Exposed } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";

/** Inside an own block with nothing selected: its title and the parameters it shows. */
export function DefinitionInspector({ id, data }: { id: string; data: Definition }) {
  return (
    <section className="definition">
      <TitleField title={data.title} />
      <h3>Parameters</h3>
      {data.params.length === 0 && <p className="calm-line">It shows none: all its blocks are set in here.</p>}
      <ul>
        {data.params.map((entry) => (
          <ExposedRow key={entry.name} id={id} data={data} entry={entry} />
        ))}
      </ul>
      <AddParameter id={id} data={data} />
    </section>
  );
}

function AddParameter({ id, data }: { id: string; data: Definition }) {
  const editor = useEditor();
  const catalog = useEditorState((state) => state.catalog);
  const groups = hiddenParams(data, catalog).filter(({ params }) => params.length > 0);
  if (groups.length === 0) return null;
  const show = (value: string) => {
    const [nodeId, name] = value.split(" ");
    const group = groups.find(({ node }) => node.id === nodeId);
    const schema = group?.params.find((param) => param.name === name);
    const gesture = group && schema && withParam(editor.getState().whole, id, group.node, schema);
    if (gesture) editor.applyToWhole(gesture);
  };
  return (
    <select
      className="first-add"
      name="show_parameter"
      aria-label="Show another parameter"
      value=""
      onChange={(event) => show(event.target.value)}
    >
      <option value="">show another parameter</option>
      {groups.map(({ node, params }) => (
        <optgroup key={node.id} label={node.name}>
          {params.map((param) => (
            <option key={param.name} value={`${node.id} ${param.name}`}>
              {param.label}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function TitleField({ title }: { title: string }) {
  const editor = useEditor();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    const wanted = typed?.trim();
    setTyped(null);
    if (wanted && wanted !== title) editor.apply({ label: `Rename block ${title}`, edit: { name: wanted } });
  };
  return (
    <div className="field field-name">
      <label htmlFor={id}>Title</label>
      <input
        id={id}
        name="definition_title"
        value={typed ?? title}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
      />
    </div>
  );
}

function ExposedRow({ id, data, entry }: { id: string; data: Definition; entry: Exposed }) {
  const editor = useEditor();
  const whole = useEditorState((state) => state.whole);
  const names = entry.targets.map((target) => {
    const node = data.nodes.find((one) => one.id === target.node);
    return `${node?.name ?? "?"}.${target.param}`;
  });
  const remove = () => {
    const gesture = withoutParam(whole, id, entry.name);
    if (gesture) editor.applyToWhole(gesture);
  };
  return (
    <li>
      <span>
        <strong>{entry.name}</strong>
        <small>sets {names.join(", ")}</small>
      </span>
      <button type="button" className="quiet" aria-label={`Remove parameter ${entry.name}`} onClick={remove}>
        <Icon name="close" />
      </button>
    </li>
  );
}
