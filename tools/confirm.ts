import { createInterface } from "node:readline/promises";
import { Failure } from "./failure.ts";

/**
 * Asks for a confirmation on the terminal, unless `yes` is set.
 *
 * @throws {Failure} if the answer is no, or if there is no terminal.
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Failure(`${question} To confirm, re-run with --yes: no terminal to confirm on.`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("Nothing was changed.");
}
