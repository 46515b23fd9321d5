import { useEffect } from "react";
import type { Notice } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";

const SHOWN_FOR = 8_000;

/** What Python has to say: an edit that no longer applied, a name it had to change. */
export function Notices() {
  const notices = useEditorState((state) => state.notices);
  return (
    <ul className="notices" aria-live="polite" data-testid="notices">
      {notices.map((notice) => (
        <NoticeItem key={notice.id} notice={notice} />
      ))}
    </ul>
  );
}

function NoticeItem({ notice }: { notice: Notice }) {
  const editor = useEditor();
  useEffect(() => {
    const timer = setTimeout(() => editor.dismiss(notice.id), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [editor, notice.id]);
  return (
    <li>
      <span>{notice.message}</span>
      <button type="button" className="quiet" aria-label="Dismiss" onClick={() => editor.dismiss(notice.id)}>
        <Icon name="close" />
      </button>
    </li>
  );
}
