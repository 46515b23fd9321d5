import { linkKey } from "../model/edit";
import { cutting, reordering } from "../model/gestures";
import type { DesignNode, Link } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";

/** Where a block's inputs come from: their order, which Concatenate keeps, and a way to cut each. */
export function InputsList({ node }: { node: DesignNode }) {
  const links = useEditorState((state) => state.document.links);
  const incoming = links.filter((link) => link.target === node.id).toSorted((a, b) => a.order - b.order);
  if (incoming.length === 0) return null;
  return (
    <section className="inputs">
      <h3>{incoming.length === 1 ? "Input" : "Inputs"}</h3>
      <ol>
        {incoming.map((link, index) => (
          <InputRow key={linkKey(link)} node={node} incoming={incoming} link={link} index={index} />
        ))}
      </ol>
    </section>
  );
}

interface InputRowProps {
  node: DesignNode;
  incoming: readonly Link[];
  link: Link;
  index: number;
}

function InputRow({ node, incoming, link, index }: InputRowProps) {
  const editor = useEditor();
  const source = useEditorState((state) => state.document.nodes.find((one) => one.id === link.source));
  const name = source?.name ?? "a block that is gone";
  const cut = () => editor.apply(cutting(node.name, name, link));
  return (
    <li>
      <button type="button" className="input-source" onClick={() => editor.select([link.source])}>
        {name}
      </button>
      {index > 0 && (
        <button
          type="button"
          className="quiet"
          aria-label={`Move ${name} up`}
          onClick={() => editor.apply(reordering(node.name, incoming, index))}
        >
          <Icon name="up" />
        </button>
      )}
      <button type="button" className="quiet" aria-label={`Remove the link from ${name}`} onClick={cut}>
        <Icon name="close" />
      </button>
    </li>
  );
}
