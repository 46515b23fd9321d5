/** The JSON that travels between Python and the canvas, by what it is about. */

export type * from "./document";
export type * from "./facts";
export type * from "./offers";
export type * from "./payload";
