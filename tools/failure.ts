/**
 * A failure whose message says all that a person needs: what is wrong and what to do. The command
 * line prints it without a stack trace.
 */
export class Failure extends Error {}
