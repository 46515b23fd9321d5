/** An edit that does not fit the document: nothing of it was applied. */
export class EditError extends Error {}
