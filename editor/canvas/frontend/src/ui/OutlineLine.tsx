import { type CSSProperties, memo } from "react";
import { grouped, shapeText } from "../model/format";
import type { BlockRow, InputRow, OutlineRow } from "../model/outline";
import { headline } from "../model/params";
import { useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { hueOf } from "./theme";

interface LineProps {
  row: OutlineRow;
  isOpen: boolean;
  isCurrent: boolean;
  isSelected: boolean;
}

type Shared = ReturnType<typeof sharedOf>;

export const OutlineLine = memo(function OutlineLine(props: LineProps) {
  const { row } = props;
  const shared = sharedOf(props);
  if (row.kind === "input") return <InputLine row={row} shared={shared} />;
  return <BlockLine row={row} shared={shared} isOpen={props.isOpen} />;
});

function sharedOf({ row, isCurrent, isSelected }: LineProps) {
  return {
    role: "row",
    className: "outline-row",
    "data-key": row.key,
    "aria-selected": isSelected,
    "aria-describedby": "outline-keys",
    tabIndex: isCurrent ? 0 : -1,
  } as const;
}

interface BlockLineProps {
  row: BlockRow;
  shared: Shared;
  isOpen: boolean;
}

function BlockLine({ row, shared, isOpen }: BlockLineProps) {
  const { node, sources } = row;
  const schema = useEditorState((state) => state.catalog.get(node.block));
  const facts = useEditorState((state) => state.overlay.nodes[node.id]);
  const all = useEditorState((state) => state.overlay.problems);
  const problems = all.filter((problem) => problem.node === node.id);
  const title = schema?.title ?? `Unknown block ${node.block}`;
  const settings = schema ? headline(schema, node.params) : "";
  const shape = facts?.shape ? shapeText(facts.shape) : "";
  const words = [
    `${node.name}, ${title}`,
    settings,
    node.repeat > 1 && `${node.repeat} times`,
    sources.length > 0 && `from ${sources.join(" and ")}`,
    shape && `output ${shape}`,
    facts?.params && `${grouped(facts.params)} parameters`,
    ...problems.map((problem) => problem.message),
  ];
  return (
    <div
      {...shared}
      style={{ "--hue": hueOf(schema?.category ?? "") } as CSSProperties}
      data-testid="outline-block"
      data-name={node.name}
      aria-level={1}
      aria-expanded={sources.length > 0 ? isOpen : undefined}
      aria-label={words.filter(Boolean).join(", ")}
    >
      <span role="gridcell" className="outline-name">
        <span className="outline-twist" aria-hidden="true">
          {sources.length > 0 && <Icon name={isOpen ? "down" : "right"} />}
        </span>
        <span className="swatch" />
        <strong>{node.name}</strong>
      </span>
      <span role="gridcell">
        {title} <em>{settings}</em>
      </span>
      <span role="gridcell">{sources.join(", ")}</span>
      <span role="gridcell">{shape}</span>
      <span role="gridcell">{facts?.params ? grouped(facts.params) : ""}</span>
      <span role="gridcell" className="outline-problem" title={problems[0]?.message}>
        {problems[0]?.message}
      </span>
    </div>
  );
}

function InputLine({ row, shared }: { row: InputRow; shared: Shared }) {
  const place = `${row.index + 1} of ${row.incoming.length}`;
  const { source_port: out = "out", target_port: port = "in" } = row.incoming[row.index] ?? {};
  const ports = [out !== "out" && `its output ${out}`, port !== "in" && `into ${port}`].filter(Boolean).join(", ");
  return (
    <div
      {...shared}
      data-testid="outline-input"
      data-source={row.source}
      aria-level={2}
      aria-label={[`Input ${place} of ${row.node.name}, from ${row.source}`, ports].filter(Boolean).join(", ")}
    >
      <span role="gridcell" className="outline-input">
        from {row.source}
      </span>
      <span role="gridcell">
        <em>
          {row.incoming.length > 1 ? `input ${place}` : "input"} {ports}
        </em>
      </span>
    </div>
  );
}
