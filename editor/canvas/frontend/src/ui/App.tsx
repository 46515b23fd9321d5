import { ReactFlowProvider } from "@xyflow/react";
import { type RefObject, useRef } from "react";
import { useEditorState } from "../state/useEditor";
import { Announcer } from "./Announcer";
import { Breadcrumbs } from "./Breadcrumbs";
import { CommandPalette } from "./CommandPalette";
import { ContextMenu } from "./ContextMenu";
import { Dock } from "./Dock";
import { DropHint } from "./DropHint";
import { EmptyState } from "./EmptyState";
import { FlowPane } from "./FlowPane";
import { Inspector } from "./Inspector";
import { KeysOverlay } from "./KeysOverlay";
import { Notices } from "./Notices";
import { PackDialog } from "./PackDialog";
import { Palette } from "./Palette";
import type { Theme } from "./theme";
import { TermDialog } from "./TermDialog";
import { Tour } from "./Tour";
import { TopBar } from "./TopBar";
import { BenchProvider } from "./useBench";
import { useClipboard } from "./useClipboard";
import { useFocusKept } from "./useFocusKept";
import { useKeyboard } from "./useKeyboard";
import { useFullHeight } from "./useFullHeight";
import { useLongPress } from "./useLongPress";

/** The Design page's one component: palette, canvas, inspector, and the dock below. */
export function App({ theme }: { theme: Theme }) {
  return (
    <ReactFlowProvider>
      <Workbench theme={theme} />
    </ReactFlowProvider>
  );
}

function Workbench({ theme }: { theme: Theme }) {
  const pane = useRef<HTMLDivElement>(null);
  return (
    <BenchProvider pane={pane}>
      <Frame theme={theme} pane={pane} />
    </BenchProvider>
  );
}

function Frame({ theme, pane }: { theme: Theme; pane: RefObject<HTMLDivElement | null> }) {
  const root = useRef<HTMLDivElement>(null);
  const revision = useEditorState((state) => state.revision);
  const status = useEditorState((state) => state.status);
  const drawers = useEditorState((state) => state.drawers);
  const height = useFullHeight(root);
  const onKeyDown = useKeyboard(pane);
  useClipboard(root);
  useLongPress(pane);
  useFocusKept(pane);
  return (
    <div
      ref={root}
      className="blockwright"
      data-testid="canvas"
      data-revision={revision}
      data-state={status}
      data-theme={theme.background}
      data-accent={theme.accent}
      data-palette={drawers.palette ? "open" : "closed"}
      data-inspector={drawers.inspector ? "open" : "closed"}
      style={{ height }}
      onKeyDown={onKeyDown}
      role="application"
      aria-label="Network editor"
    >
      <TopBar />
      <Palette pane={pane} />
      <div className="middle">
        <Breadcrumbs />
        <div ref={pane} className="pane" data-testid="pane" tabIndex={-1}>
          <FlowPane colorMode={theme.background} />
          <EmptyState />
          <Notices />
          <Tour />
          <DropHint />
        </div>
        <Dock />
      </div>
      <Inspector />
      <PackDialog />
      <ContextMenu />
      <CommandPalette />
      <KeysOverlay />
      <TermDialog />
      <Announcer />
    </div>
  );
}
