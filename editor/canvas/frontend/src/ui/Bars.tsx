import { memo } from "react";
import { scaled, grouped } from "../model/format";
import type { DesignNode } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";
import { useReveal } from "./useReveal";

/** Where the parameters and the multiply-adds are, block by block; a click selects the block. */
export function Bars() {
  const nodes = useEditorState((state) => state.document.nodes);
  const facts = useEditorState((state) => state.overlay.nodes);
  const selection = useEditorState((state) => state.selection);
  const shown = nodes.filter(({ id }) => facts[id]?.shape).toSorted((a, b) => a.y - b.y || a.x - b.x);
  if (shown.length === 0) return <p className="calm">The bars appear with the first block that has a shape.</p>;
  const most = (what: "params" | "macs") => Math.max(...shown.map(({ id }) => Number(facts[id]?.[what])), 1);
  const largest = { params: most("params"), macs: most("macs") };
  return (
    <ul className="bars" data-testid="bars" aria-label="Parameters and MACs by block">
      <li className="bars-head" aria-hidden>
        <span>Block</span>
        <span>Parameters</span>
        <span>MACs</span>
      </li>
      {shown.map((node) => (
        <Row
          key={node.id}
          node={node}
          params={facts[node.id]?.params ?? "0"}
          macs={facts[node.id]?.macs ?? "0"}
          paramsShare={Number(facts[node.id]?.params) / largest.params}
          macsShare={Number(facts[node.id]?.macs) / largest.macs}
          isSelected={selection.includes(node.id)}
        />
      ))}
    </ul>
  );
}

interface RowProps {
  node: DesignNode;
  params: string;
  macs: string;
  paramsShare: number;
  macsShare: number;
  isSelected: boolean;
}

const Row = memo(function Row({ node, params, macs, paramsShare, macsShare, isSelected }: RowProps) {
  const editor = useEditor();
  const reveal = useReveal();
  return (
    <li>
      <button
        type="button"
        aria-pressed={isSelected}
        data-node={node.name}
        onClick={() => {
          editor.select([node.id]);
          reveal(node.id);
        }}
      >
        <span className="bars-name">{node.name}</span>
        <Bar share={paramsShare} words={grouped(params)} />
        <Bar share={macsShare} words={scaled(macs)} />
      </button>
    </li>
  );
});

function Bar({ share, words }: { share: number; words: string }) {
  return (
    <span className="bars-bar">
      <span style={{ width: `${share * 100}%` }} />
      <em>{words}</em>
    </span>
  );
}
