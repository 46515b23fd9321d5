import { hiddenParams, withParam } from "../model/exposure";
import type { Definition } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";
import { CommittedField } from "./CommittedField";
import { ExposedRow } from "./ExposedRow";

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
  const commit = (name: string) => {
    if (name) editor.apply({ label: `Rename block ${title}`, edit: { name } });
  };
  return <CommittedField label="Title" name="definition_title" value={title} maxLength={40} commit={commit} />;
}
