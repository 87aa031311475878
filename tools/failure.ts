/**
 * An expected failure: its message says what is wrong and what to do, and is printed without a stack
 * trace.
 */
export class Failure extends Error {}
