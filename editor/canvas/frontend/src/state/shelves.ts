import type { Catalog } from "../model/connections";
import { mayStandIn, PORT_SCHEMAS } from "../model/definitions";
import { withPresets } from "../model/presets";
import type { BlockSchema, Design } from "../model/types";

/** Where blocks come from: the catalogue, and the own blocks of the open design. */
export interface Shelves {
  readonly standard: readonly BlockSchema[];
  readonly own: readonly BlockSchema[];
  /** Own blocks of this person's other designs. */
  readonly elsewhere: readonly BlockSchema[];
}

interface Offer {
  /** The palette. */
  readonly blocks: readonly BlockSchema[];
  readonly catalog: Catalog;
}

/** The palette for the place where the person works; the same object as long as nothing changes. */
export class Offers {
  private key = "";
  private shelves: Shelves | null = null;
  private offer: Offer = { blocks: [], catalog: new Map() };

  at(open: string | undefined, shelves: Shelves, { definitions }: Design): Offer {
    const own = open === undefined ? shelves.own : shelves.own.filter((one) => mayStandIn(definitions, one.type, open));
    const key = `${open ?? ""} ${own.map((one) => one.type).join(" ")}`;
    if (this.shelves !== shelves || this.key !== key) {
      this.key = key;
      this.shelves = shelves;
      this.offer = { blocks: palette(open, own, shelves), catalog: catalogOf(shelves) };
    }
    return this.offer;
  }
}

/** Inside a definition there are ports to place, and nothing that is an input of a network. */
function palette(open: string | undefined, own: readonly BlockSchema[], { elsewhere, standard }: Shelves) {
  if (open === undefined) return [...own, ...elsewhere, ...withPresets(standard)];
  const inner = standard.filter((block) => block.inputs.length > 0);
  return [...PORT_SCHEMAS, ...own, ...withPresets(inner)];
}

/** What is in the design stands for its type, whatever another design calls so. */
function catalogOf({ own, elsewhere, standard }: Shelves): Catalog {
  return new Map([...PORT_SCHEMAS, ...elsewhere, ...own, ...standard].map((block) => [block.type, block]));
}
