import { createInterface } from "node:readline/promises";
import { Failure } from "../../tools/failure.ts";

/**
 * Asks once before something is lost. Without a terminal nobody can answer, so `--yes` must have
 * been given.
 *
 * @throws {Failure} when the answer is no, or nobody can be asked.
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Failure(`${question} Add --yes to say so: nobody can be asked here.`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("Nothing was changed.");
}
