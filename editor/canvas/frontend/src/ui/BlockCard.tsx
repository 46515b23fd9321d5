import type { CSSProperties } from "react";
import type { BlockSchema, ParamSchema } from "../model/types";
import { useEditorState } from "../state/useEditor";
import { hueOf } from "./theme";

/** How many parameters a short card explains. */
const SHORT = 3;

interface BlockCardProps {
  block: BlockSchema;
  /** Whether to explain every parameter, or those that matter most. */
  whole?: boolean;
}

/** What a block is: its inside as a picture, what it does, where it comes from, what can be set. */
export function BlockCard({ block, whole = false }: BlockCardProps) {
  const params = whole ? block.params : mostTelling(block);
  const rest = block.params.length - params.length;
  return (
    <div className="block-card" style={{ "--hue": hueOf(block.category) } as CSSProperties}>
      <h3>
        <span className="swatch" />
        {block.title}
      </h3>
      <p>{block.summary}</p>
      {block.citation && <cite>{block.citation}</cite>}
      <Inside block={block} />
      {(block.details ?? "").split("\n\n").map((paragraph) => paragraph && <p key={paragraph}>{paragraph}</p>)}
      {params.length > 0 && (
        <dl>
          {params.map((param) => (
            <div key={param.name}>
              <dt>{param.label}</dt>
              <dd>{param.help}</dd>
            </div>
          ))}
        </dl>
      )}
      {rest > 0 && <p className="block-card-more">{rest === 1 ? "1 more parameter" : `${rest} more parameters`}</p>}
    </div>
  );
}

/** The picture in a frame of one size, so that nothing moves when it comes. An image runs no script. */
function Inside({ block }: { block: BlockSchema }) {
  const key = block.preset ? `${block.type}.${block.preset.id}` : block.type;
  const picture = useEditorState((state) => state.insides?.[key]);
  const known = useEditorState((state) => state.insides !== null);
  if (known && picture === undefined) return null;
  return (
    <div className="block-card-inside">
      {picture && (
        <img alt={`Inside ${block.title}`} src={`data:image/svg+xml,${encodeURIComponent(picture)}`} />
      )}
    </div>
  );
}

function mostTelling({ params }: BlockSchema): readonly ParamSchema[] {
  const headline = params.filter((param) => param.headline);
  return (headline.length > 0 ? headline : params).slice(0, SHORT);
}
