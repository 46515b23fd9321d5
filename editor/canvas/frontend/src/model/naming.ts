/** Names and ids of nodes. */

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A permanent id: a letter and nine random characters. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(9));
  return `n${[...random].map((byte) => ALPHABET[byte % ALPHABET.length]).join("")}`;
}

/** `VGGBlock` -> `vgg_block`, `NaiveInception` -> `naive_inception`. */
export function snakeCase(type: string): string {
  return type
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** The name of a new block: its snake-case type, without what kind of type it is (`own:`), and the first free number, from 1. */
export function newName(type: string, taken: ReadonlySet<string>): string {
  return numbered(snakeCase(type.replace(/^\w+:/, "")), 1, taken);
}

/** The name itself when it is free, else its stem with the first free number, from 2: `stem_2`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? numbered(name.replace(/_\d+$/, ""), 2, taken) : name;
}

function numbered(stem: string, first: number, taken: ReadonlySet<string>): string {
  let number = first;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** Why a name cannot stand in Python code, or null. */
export function nameProblem(name: string): string | null {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return null;
  return "Use letters, digits and underscores, and start with a letter.";
}
