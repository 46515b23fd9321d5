import { grouped, scaled } from "../model/format";
import type { Problem, Repair } from "../model/types";
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
      {problem.repairs && problem.repairs.length > 0 && <Repairs repairs={problem.repairs} />}
    </li>
  );
}

/** What would mend the problem, the least change first. */
function Repairs({ repairs }: { repairs: readonly Repair[] }) {
  const editor = useEditor();
  return (
    <div className="repairs" role="group" aria-label="Repairs">
      {repairs.map((repair) => (
        <button
          key={repair.label}
          type="button"
          className="button small repair"
          data-testid="repair"
          data-params={repair.params}
          data-macs={repair.macs}
          onClick={() => editor.apply({ label: repair.label, edit: repair.edit })}
        >
          <span>{repair.label}</span>
          <small>{changeWords(repair)}</small>
        </button>
      ))}
    </div>
  );
}

function changeWords({ params, macs, uncovers }: Repair): string {
  const words = [change(params, "parameters", grouped), change(macs, "MACs", scaled)].filter(Boolean);
  if (params !== "" && words.length === 0) words.push("no number changes");
  if (uncovers > 0) words.push(`then ${uncovers} more to mend`);
  return words.join(" · ");
}

/** `+8256` -> `+8,256 parameters`; nothing where nothing changes. */
function change(signed: string, unit: string, written: (count: string) => string): string {
  const count = signed.slice(1);
  if (signed === "" || count === "0") return "";
  return `${signed.startsWith("-") ? "−" : "+"}${written(count)} ${unit}`;
}
