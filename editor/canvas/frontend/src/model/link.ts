import type { Design } from "./types";

/** Longer addresses are cut off or refused by servers and mail programs on the way. */
export const LONGEST_LINK = 7_500;

/** A design as the text of a link: its JSON, compressed, in letters that an address may hold. */
export async function packedDesign(design: Design): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(design));
  const squeezed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return inAddress(new Uint8Array(await new Response(squeezed).arrayBuffer()));
}

function inAddress(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The address at which any running editor opens a design without storing it. */
export function linkTo(packed: string, page: string): string {
  const address = new URL(page);
  address.search = new URLSearchParams({ link: packed }).toString();
  address.hash = "";
  return address.href;
}
