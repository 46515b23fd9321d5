import { Handle, type NodeProps, Position } from "@xyflow/react";
import { type CSSProperties, type KeyboardEvent, memo } from "react";
import { isPort } from "../model/definitions";
import { grouped, shapeText } from "../model/format";
import { firstWords, headline } from "../model/params";
import type { BlockSchema, DesignNode, Problem } from "../model/types";
import { useEditor } from "../state/useEditor";
import type { BlockFlowNode } from "./flowElements";
import { Icon } from "./icons";
import { Repetitions, Times } from "./Repetitions";
import { hueOf } from "./theme";

/** A block on the canvas: name, the parameters that matter, output shape and parameter count. */
export const BlockNode = memo(function BlockNode({ data, selected, dragging }: NodeProps<BlockFlowNode>) {
  const { node, schema, facts, problems, unfolded } = data;
  const style = { "--hue": hueOf(schema?.category ?? "") } as CSSProperties;
  return (
    <div
      className="block"
      style={style}
      data-testid="node"
      data-name={node.name}
      data-id={node.id}
      data-block={node.block}
      data-shape={facts?.shape ?? ""}
      data-params={facts?.params ?? ""}
      data-problems={facts?.problems ?? problems.length}
      data-selected={selected}
      data-dragging={dragging}
      data-severity={severityOf(problems)}
    >
      <div className="block-head" title={node.note || undefined}>
        <strong>{node.name}</strong>
        {node.repeat > 1 && <Times node={node} open={unfolded} tabIndex={selected ? 0 : -1} />}
        <span className="block-title">{schema?.title}</span>
        {problems.length > 0 && <ProblemBadge problems={problems} />}
      </div>
      <Face node={node} schema={schema} />
      <FaceFacts node={node} facts={facts} />
      {unfolded && <Repetitions node={node} schema={schema} turns={facts?.turns ?? []} />}
      <Ports node={node} schema={schema} tabIndex={selected ? 0 : -1} />
    </div>
  );
});

/** The line of parameters; what does not fit is in its tooltip. */
function Face({ node, schema }: { node: DesignNode; schema: BlockSchema | undefined }) {
  const words = schema ? faceOf(schema, node) : `Unknown block ${node.block}`;
  return (
    <div className="block-params" title={words}>
      {words}
    </div>
  );
}

/**
 * Output shape and parameters; a click on one shows in the inspector how it comes about. By keyboard the
 * inspector's own numbers do that, so these are no stops on the way to the ports.
 */
function FaceFacts({ node, facts }: Pick<BlockFlowNode["data"], "node" | "facts">) {
  if (!facts?.shape) return <div className="block-facts">{isPort(node.block) ? "" : "–"}</div>;
  return (
    <div className="block-facts">
      <FaceNumber id={node.id} what="shape" words={shapeText(facts.shape)} />
      {facts.params !== "0" && <FaceNumber id={node.id} what="params" words={grouped(facts.params)} />}
    </div>
  );
}

const SPOKEN = { shape: "output shape", params: "parameters" } as const;

interface FaceNumberProps {
  id: string;
  what: keyof typeof SPOKEN;
  words: string;
}

function FaceNumber({ id, what, words }: FaceNumberProps) {
  const editor = useEditor();
  return (
    <button
      type="button"
      className="block-number"
      data-number={what}
      tabIndex={-1}
      aria-label={`Explain the ${SPOKEN[what]}, ${words}`}
      title={`How the ${SPOKEN[what]} come${what === "shape" ? "s" : ""} about`}
      onClick={() => editor.explain({ node: id, what })}
    >
      {words}
    </button>
  );
}

function faceOf(schema: BlockSchema, node: DesignNode): string {
  const frozen = node.frozen ? "frozen" : "";
  const first = node.repeat > 1 ? firstWords(schema, node.first) : "";
  return [frozen, first, headline(schema, node.params)].filter(Boolean).join(" · ");
}

function severityOf(problems: readonly Problem[]): string | undefined {
  if (problems.some((problem) => problem.severity === "error")) return "error";
  return problems.length ? "warning" : undefined;
}

function ProblemBadge({ problems }: { problems: readonly Problem[] }) {
  const sentences = problems.map((problem) => problem.message).join(" ");
  return (
    <button type="button" className="badge" aria-label={sentences}>
      <Icon name="warning" />
      <span className="badge-tip" role="tooltip">
        {problems.map((problem) => (
          <span key={problem.message}>{problem.message}</span>
        ))}
      </span>
    </button>
  );
}

const UNKNOWN_INPUTS = [{ name: "in", many: true }];
const UNKNOWN_OUTPUTS = [{ name: "out" }];

interface PortsProps extends Pick<BlockFlowNode["data"], "node" | "schema"> {
  tabIndex: number;
}

/** By keyboard, the ports of a selected block come after it: Enter on an output, then on an input, links. */
function Ports({ node, schema, tabIndex }: PortsProps) {
  const inputs = schema?.inputs ?? UNKNOWN_INPUTS;
  const outputs = schema?.outputs ?? UNKNOWN_OUTPUTS;
  const ports = [...places(inputs, "in"), ...places(outputs, "out")];
  return ports.map((place) => (
    <Port key={`${place.side} ${place.port}`} node={node} tabIndex={tabIndex} {...place} />
  ));
}

interface PortPlace {
  port: string;
  side: "in" | "out";
  /** How far along the block's edge, from 0 to 1. */
  at: number;
}

function places(ports: readonly { name: string }[], side: "in" | "out"): PortPlace[] {
  return ports.map((port, index) => ({ port: port.name, side, at: (index + 1) / (ports.length + 1) }));
}

interface PortProps extends PortPlace {
  node: DesignNode;
  tabIndex: number;
}

function Port({ node, port, side, at, tabIndex }: PortProps) {
  return (
    <Handle
      id={port}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Top : Position.Bottom}
      style={{ left: `${at * 100}%` }}
      role="button"
      tabIndex={tabIndex}
      onKeyDown={clickOnEnter}
      data-testid="port"
      data-node={node.name}
      data-node-id={node.id}
      data-port={port}
      data-side={side}
      aria-label={`${side === "in" ? "Input" : "Output"} ${port} of ${node.name}`}
    />
  );
}

function clickOnEnter(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter") return;
  event.stopPropagation();
  event.currentTarget.click();
}
