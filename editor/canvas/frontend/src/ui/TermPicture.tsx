import type { ReactNode } from "react";
import type { TermId } from "../model/glossary";

/** Small drawings of terms, in the colours of the page. */

const PICTURES: Record<TermId, () => ReactNode> = {
  projection: Projection,
  bottleneck: Bottleneck,
  receptive_field: ReceptiveField,
  macs: Macs,
  padding: Padding,
};

export function TermPicture({ term }: { term: TermId }) {
  const Picture = PICTURES[term];
  return (
    <svg className="term-picture" viewBox="0 0 400 130" aria-hidden="true">
      <Picture />
    </svg>
  );
}

interface BoxProps {
  x: number;
  y: number;
  width: number;
  height?: number;
  kind?: "main" | "soft" | "empty";
  children?: ReactNode;
}

function Box({ x, y, width, height = 30, kind = "soft", children }: BoxProps) {
  return (
    <>
      <rect x={x} y={y} width={width} height={height} rx="4" data-kind={kind} />
      <text x={x + width / 2} y={y + height / 2}>
        {children}
      </text>
    </>
  );
}

function Projection() {
  return (
    <>
      <path d="M58 80H92M172 80H192M272 80H312M72 80V32H152M252 32H327V65" />
      <Box x={10} y={65} width={48}>
        input
      </Box>
      <Box x={92} y={65} width={80}>
        3×3, stride 2
      </Box>
      <Box x={192} y={65} width={80}>
        3×3
      </Box>
      <Box x={152} y={17} width={100} kind="main">
        1×1, stride 2
      </Box>
      <Box x={312} y={65} width={30} kind="soft">
        +
      </Box>
      <text x={200} y={116}>
        the projection gives both ways one shape
      </text>
    </>
  );
}

function Bottleneck() {
  const column = (x: number, channels: number, kind: BoxProps["kind"]) => (
    <Box x={x} y={50 - channels / 6.4} width={26} height={channels / 3.2} kind={kind}>
      {channels}
    </Box>
  );
  return (
    <>
      <path d="M66 50H120M146 50H240M266 50H330" />
      {column(40, 256, "soft")}
      {column(120, 64, "main")}
      {column(240, 64, "main")}
      {column(330, 256, "soft")}
      {["1×1", "3×3", "1×1"].map((window, index) => (
        <text key={index} x={[93, 193, 298][index]} y={38}>
          {window}
        </text>
      ))}
      <text x={200} y={112}>
        the work is done on few channels
      </text>
    </>
  );
}

/** Rows of cells: one value, the three it sees, the five that those see. */
function ReceptiveField() {
  const rows = [1, 3, 5];
  const words = ["one value", "sees 3", "sees 5"];
  return rows.map((seen, row) => (
    <g key={seen}>
      {Array.from({ length: 9 }, (_, cell) => (
        <Box
          key={cell}
          x={20 + 28 * cell}
          y={8 + 42 * row}
          width={24}
          height={24}
          kind={Math.abs(cell - 4) <= (seen - 1) / 2 ? "main" : "empty"}
        />
      ))}
      {row < 2 && <path d={`M${132 - 14 * seen} ${33 + 42 * row}l-26 16M${144 - 12 + 14 * seen} ${33 + 42 * row}l26 16`} />}
      <text x={330} y={20 + 42 * row}>
        {words[row]}
      </text>
    </g>
  ));
}

function Macs() {
  const grid = (x: number, sign: string, kind: BoxProps["kind"]) =>
    Array.from({ length: 9 }, (_, cell) => (
      <Box
        key={cell}
        x={x + 28 * (cell % 3)}
        y={10 + 28 * Math.floor(cell / 3)}
        width={24}
        height={24}
        kind={kind}
      >
        {`${sign}${cell + 1}`}
      </Box>
    ));
  return (
    <>
      {grid(30, "x", "soft")}
      <text x={138} y={50}>
        ×
      </text>
      {grid(160, "w", "main")}
      <text x={268} y={50}>
        =
      </text>
      <Box x={292} y={36} width={90} kind="soft">
        one value
      </Box>
      <text x={200} y={116}>
        9 multiplications and additions: 9 MACs
      </text>
    </>
  );
}

function Padding() {
  const row = (y: number, from: number, count: number, kind: BoxProps["kind"], sign = "") =>
    Array.from({ length: count }, (_, cell) => (
      <Box key={`${y} ${from} ${cell}`} x={from + 26 * cell} y={y} width={22} height={22} kind={kind}>
        {sign}
      </Box>
    ));
  return (
    <>
      {row(14, 14, 1, "empty", "0")}
      {row(14, 40, 5, "soft")}
      {row(14, 170, 1, "empty", "0")}
      {row(74, 40, 5, "main")}
      {row(14, 250, 5, "soft")}
      {row(74, 276, 3, "main")}
      <path d="M14 40L51 70M88 40L51 70M250 40L287 70M324 40L287 70" />
      <text x={104} y={116}>
        same: 5 become 5
      </text>
      <text x={314} y={116}>
        valid: 5 become 3
      </text>
    </>
  );
}
