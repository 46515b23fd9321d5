import { PORT_IN, portId } from "../model/definitions";
import { newId } from "../model/naming";
import type { DesignNode, Exposed } from "../model/types";
import type { ParamChanges } from "../sync/shelf";
import type { Editor } from "./editor";

/** What Python is asked to do: it works the edit out on the design as it is when the words arrive. */

/** Make a block of the selected ones; Python works out its ports. */
export function pack(editor: Editor, title: string, params: readonly Exposed[]): void {
  const instance = newId();
  const nodes = editor.getState().selection;
  editor.ask({ kind: "pack", label: `Make block ${title}`, nodes, title, params, instance }, instance);
  editor.askAboutPacking(false);
}

/** Put the blocks inside an own block in its place. */
export function unpack(editor: Editor, node: string): void {
  editor.ask({ kind: "unpack", label: "Unpack a block", node });
}

/** Put single blocks in the place of a repeated one. */
export function split(editor: Editor, node: string): void {
  editor.ask({ kind: "split", label: "Split a block", node });
}

/** Make one repeated block of a chain of equal ones. */
export function foldUp(editor: Editor, nodes: readonly string[]): void {
  editor.ask({ kind: "fold", label: `Fold ${nodes.length} blocks into one`, nodes });
}

/** Give a port of the open block another name; its links in all instances follow. */
export function renamePort(editor: Editor, { block, name: port }: DesignNode, name: string): void {
  const side = block === PORT_IN ? "inputs" : "outputs";
  const words = { kind: "rename_port", label: `Rename port ${port}`, side, port, name } as const;
  editor.ask(words, portId(block, name));
}

/** Change a parameter that the open block shows; arguments of all instances are kept. */
export function changeParam(editor: Editor, param: string, changes: ParamChanges): void {
  editor.ask({ kind: "change_param", label: `Change parameter ${param}`, param, changes });
}
