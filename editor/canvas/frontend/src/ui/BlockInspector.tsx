import { type CSSProperties, useState } from "react";
import { isPort } from "../model/definitions";
import { driverOf } from "../model/exposure";
import { applies } from "../model/params";
import type { BlockSchema, DesignNode } from "../model/types";
import { split } from "../state/requests";
import { useEditor, useEditorState } from "../state/useEditor";
import { AboutBlock } from "./AboutBlock";
import { BlockFacts } from "./BlockFacts";
import { FirstFields } from "./FirstFields";
import { FoldField } from "./FoldField";
import { InputsList } from "./InputsList";
import { NameField, NoteField, PortNameField } from "./NodeFields";
import { FreezeField, ParamField, RepeatField } from "./ParamField";
import { OwnActions } from "./OwnActions";
import { ProblemList } from "./ProblemList";
import { StartField } from "./StartField";
import { hueOf } from "./theme";

export function BlockInspector({ node }: { node: DesignNode }) {
  const schema = useEditorState((state) => state.catalog.get(node.block));
  const facts = useEditorState((state) => state.overlay.nodes[node.id]);
  const problems = useEditorState((state) => state.overlay.problems);
  const open = useEditorState((state) => state.inside.length > 0);
  const [help, setHelp] = useState<string | null>(null);
  const own = problems.filter((problem) => problem.node === node.id);
  return (
    <>
      <div className="inspector-scroll">
        <div className="inspector-head" style={{ "--hue": hueOf(schema?.category ?? "") } as CSSProperties}>
          <span className="swatch" />
          <h2>{schema?.title ?? `Unknown block ${node.block}`}</h2>
          {schema && <AboutBlock block={schema} />}
        </div>
        {isPort(node.block) ? <PortNameField node={node} /> : <NameField node={node} />}
        <OwnActions node={node} />
        <BlockFacts id={node.id} facts={facts} />
        <InputsList node={node} />
        {own.length > 0 && <ProblemList problems={own} />}
        {schema && <ParamForm node={node} schema={schema} onHelp={setHelp} />}
        {!isPort(node.block) && (
          <section className="fields">
            {(schema?.inputs.length !== 0 || node.repeat !== 1) && (
              <RepeatField node={node} onHelp={setHelp} />
            )}
            {node.repeat > 1 && <SplitButton node={node} />}
            {schema && (node.repeat > 1 || Object.keys(node.first).length > 0) && (
              <FirstFields node={node} schema={schema} onHelp={setHelp} />
            )}
            {(facts?.layers ?? 0) > 1 && !open && <FoldField node={node} />}
            <FreezeField node={node} onHelp={setHelp} />
            <NoteField node={node} />
          </section>
        )}
      </div>
      {schema && <Foot schema={schema} help={help} />}
    </>
  );
}

function SplitButton({ node }: { node: DesignNode }) {
  const editor = useEditor();
  return (
    <div className="inspector-actions">
      <button
        type="button"
        className="button small"
        title="Single blocks in its place, layer names kept (Shift U)"
        onClick={() => split(editor, node.id)}
      >
        Split into {node.repeat} blocks
      </button>
    </div>
  );
}

interface ParamFormProps {
  node: DesignNode;
  schema: BlockSchema;
  onHelp: (help: string | null) => void;
}

function ParamForm({ node, schema, onHelp }: ParamFormProps) {
  const open = useEditorState((state) => state.whole.definitions[state.inside.at(-1) ?? ""] ?? null);
  const params = schema.params.filter((param) => applies(param, schema, node.params));
  if (params.length === 0) return null;
  return (
    <section className="fields">
      <StartField node={node} schema={schema} onHelp={onHelp} />
      {params.map((param) => {
        const driver = driverOf(open, node.id, param.name);
        if (driver !== null) return <DrivenField key={param.name} label={param.label} driver={driver} />;
        return <ParamField key={param.name} node={node} schema={param} onHelp={onHelp} />;
      })}
    </section>
  );
}

/** Inside a definition: a parameter that the block's own parameter sets, in each instance its own. */
function DrivenField({ label, driver }: { label: string; driver: string }) {
  return (
    <div className="field field-driven">
      <span>{label}</span>
      <span>set by {driver}</span>
    </div>
  );
}

/** A fixed place for help, so that the form does not move when a field is entered. */
function Foot({ schema, help }: { schema: BlockSchema; help: string | null }) {
  return (
    <footer className="inspector-foot" aria-live="polite">
      <p>{help ?? schema.summary}</p>
      {!help && schema.citation && <cite>{schema.citation}</cite>}
    </footer>
  );
}
