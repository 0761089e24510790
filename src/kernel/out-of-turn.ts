/**
 * Work that was begun before its turn turns out to need what came before it, or others came in between. Nothing of it is kept, and it
 * is begun again in its turn: no fault.
 */
export class OutOfTurn extends Error {}
