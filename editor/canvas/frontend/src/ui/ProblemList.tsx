import type { Problem } from "../model/types";
import { useEditor } from "../state/useEditor";
import { Icon } from "./icons";
import { useReveal } from "./useReveal";

/** Problems in sentences; a click goes to the block, a repair mends it in one edit. */
export function ProblemList({
  problems,
  pointing = false,
}: {
  problems: readonly Problem[];
  pointing?: boolean;
}) {
  return (
    <ul className="problem-list">
      {problems.map((problem) => (
        <ProblemItem key={`${problem.node} ${problem.message}`} problem={problem} pointing={pointing} />
      ))}
    </ul>
  );
}

function ProblemItem({ problem, pointing }: { problem: Problem; pointing: boolean }) {
  const editor = useEditor();
  const reveal = useReveal();
  const go = () => {
    editor.select([problem.node]);
    reveal(problem.node);
  };
  const { repair } = problem;
  return (
    <li data-severity={problem.severity} data-node={problem.node}>
      <Icon name="warning" />
      {pointing && problem.node ? (
        <button type="button" className="problem-text" onClick={go}>
          {problem.message}
        </button>
      ) : (
        <span className="problem-text">{problem.message}</span>
      )}
      {repair && (
        <button
          type="button"
          className="button small"
          onClick={() => editor.apply({ label: repair.label, edit: repair.edit })}
        >
          {repair.label}
        </button>
      )}
    </li>
  );
}
