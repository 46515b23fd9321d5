import { possibleLinks } from "../model/connections";
import { linkKey } from "../model/edit";
import { score } from "../model/fuzzy";
import { connection } from "../model/gestures";
import { TERMS } from "../model/glossary";
import { blockScore } from "../model/search";
import { insertRefusal } from "../model/surgery";
import type { BlockSchema } from "../model/types";
import type { EditorState, Purpose, Surface } from "../state/state";
import type { IconName } from "../ui/icons";
import { type Action, type Bench, perform } from "./action";
import { addBlock, insertInto, replaceSelected } from "./adding";
import { ACTIONS } from "./index";

/** What the command palette finds. */
export interface Found {
  readonly key: string;
  readonly section: string;
  readonly title: string;
  /** What more there is to say: a category, a shape, why it cannot be done now. */
  readonly detail: string;
  readonly category?: string;
  readonly icon?: IconName;
  readonly action?: Action;
  readonly off?: boolean;
  readonly run: (bench: Bench) => void;
}

export type Search = Extract<Surface, { kind: "palette" }>;

const MOST = 7;
const MOST_UNASKED = 5;

/** Sections with the best finds first; a section with a better find stands above one with a worse. */
export function find(state: EditorState, search: Search, query: string): readonly Found[] {
  const most = query.trim() === "" && search.purpose === "any" ? MOST_UNASKED : MOST;
  const sections = sectionsFor(state, search);
  const ranked = sections.map((section) => best(section(query), search.purpose === "any" ? most : Infinity));
  return ranked.toSorted((a, b) => (b[0]?.fit ?? 0) - (a[0]?.fit ?? 0)).flatMap((section) => section.map((one) => one.found));
}

function sectionsFor(state: EditorState, search: Search): Section[] {
  if (search.purpose === "any") return everything(state, search);
  if (search.purpose === "link-to") return [ends(state, "out")];
  if (search.purpose === "link-from") return [ends(state, "in")];
  return [blocks(state, search)];
}

interface Scored {
  readonly fit: number;
  readonly found: Found;
}

type Section = (query: string) => readonly Scored[];

function best(scored: readonly Scored[], most: number): readonly Scored[] {
  return scored
    .filter((one) => one.fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
    .slice(0, most);
}

function everything(state: EditorState, search: Search): Section[] {
  return [blocks(state, search), actions(state), nodes(state), templates(state), terms];
}

function blocks({ blocks: all, selectedLinks }: EditorState, { purpose, at }: Search): Section {
  const fits = (block: BlockSchema) => purpose !== "insert" || insertRefusal(block) === null;
  const [key = ""] = selectedLinks;
  const run = (bench: Bench, block: BlockSchema) => {
    if (purpose === "replace") replaceSelected(bench, block);
    else if (purpose === "insert") insertInto(bench, key, block);
    else addBlock(bench, block, at);
  };
  return (query) =>
    all.filter(fits).map((block, index) => ({
      fit: blockScore(block, query),
      found: {
        key: `block ${block.type} ${index}`,
        section: SECTION[purpose] ?? SECTION.any,
        title: block.title,
        detail: block.category,
        category: block.category,
        run: (bench) => run(bench, block),
      },
    }));
}

const SECTION: { readonly any: string } & { readonly [P in Purpose]?: string } = {
  any: "Add a block",
  replace: "Replace with",
  insert: "Insert into the link",
};

const FAR_END = {
  out: { node: "target", port: "target_port" },
  in: { node: "source", port: "source_port" },
} as const;

/** The blocks to which a link may be drawn from the selected one, or that may lead to it. */
function ends({ document, catalog, selection }: EditorState, side: "in" | "out"): Section {
  const [id = ""] = selection;
  const links = possibleLinks(document, catalog, id, side);
  const far = FAR_END[side];
  const byNode = Map.groupBy(links, (link) => link[far.node]);
  return (query) =>
    links.map((link) => {
      const node = document.nodes.find((one) => one.id === link[far.node]);
      const schema = catalog.get(node?.block ?? "");
      const several = (byNode.get(link[far.node])?.length ?? 0) > 1;
      const port = several ? ` · ${link[far.port]}` : "";
      const title = `${node?.name ?? ""}${port}`;
      return {
        fit: score(query, title, schema?.title),
        found: {
          key: `link ${linkKey(link)}`,
          section: side === "out" ? "Link to" : "Link from",
          title,
          detail: schema?.title ?? "",
          category: schema?.category ?? "",
          run: ({ editor }) => editor.apply(connection(document, link)),
        },
      };
    });
}

function actions(state: EditorState): Section {
  const listed = ACTIONS.filter((action) => !action.silent && !["palette", "menu", "leave"].includes(action.id));
  return (query) =>
    listed.map((action) => {
      const reason = action.refusal?.(state) ?? null;
      const fit = score(query, action.title, action.group);
      const found: Found = {
        key: `action ${action.id}`,
        section: "Actions",
        title: action.title,
        detail: reason ?? "",
        off: reason !== null,
        action,
        ...(action.icon && { icon: action.icon }),
        run: (bench) => perform(action, bench),
      };
      return { fit: reason === null ? fit : fit * 0.6, found };
    });
}

function nodes({ document, catalog, overlay }: EditorState): Section {
  return (query) =>
    document.nodes.map((node) => {
      const schema = catalog.get(node.block);
      return {
        fit: score(query, node.name, [schema?.title ?? "", node.note].join(" ")),
        found: {
          key: `node ${node.id}`,
          section: "Go to",
          title: node.name,
          detail: [schema?.title, overlay.nodes[node.id]?.shape].filter(Boolean).join(" · "),
          category: schema?.category ?? "",
          run: ({ editor, view }) => {
            editor.select([node.id]);
            view.reveal(node.id);
          },
        },
      };
    });
}

function templates({ templates: all }: EditorState): Section {
  return (query) =>
    all.map(({ id, title, summary }) => ({
      fit: query.trim() === "" ? 0 : score(query, title, `${id} ${summary}`),
      found: {
        key: `template ${id}`,
        section: "Open a template",
        title,
        detail: summary,
        run: ({ editor }) => editor.act({ kind: "open_template", id }),
      },
    }));
}

/** Words of the field, for those who ask. */
const terms: Section = (query) =>
  TERMS.map(({ id, title, keywords }) => ({
    fit: query.trim() === "" ? 0 : score(query, title, `what is ${keywords}`),
    found: {
      key: `term ${id}`,
      section: "What is it?",
      title,
      detail: "",
      icon: "info",
      run: ({ editor }) => editor.show({ kind: "term", id }),
    },
  }));
