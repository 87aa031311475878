/** By which names a panel's numbers are known: the lines of a legend, the rows of a table. */
import assert from "node:assert/strict";
import type { QueryAnswer } from "./scrapedPrometheus.ts";

/** Each line has a name of its own, without a gap where a label should be. */
export function assertNames(legends: readonly string[], answers: readonly QueryAnswer[][]): void {
  const names = namesOf(legends, answers);
  assert.equal(new Set(names).size, names.length, `Lines have the same name: ${names.join(", ")}.`);
}

/** The names of all lines, in the order of queries. */
export function namesOf(legends: readonly string[], answers: readonly QueryAnswer[][]): string[] {
  return answers.flatMap((answer, index) =>
    answer.map(({ metric }) =>
      (legends[index] ?? "").replace(/\{\{(\w+)\}\}/g, (_, label: string) => {
        const value = metric[label];
        assert.ok(value !== undefined, `A line has no ${label}: ${JSON.stringify(metric)}.`);
        return value;
      }),
    ),
  );
}

/** Each row of a table by its labels. */
export function rowsOf(answers: readonly QueryAnswer[][]): string[] {
  return [...new Set(answers.flat().map(({ metric }) => Object.values(metric).join(" ")))];
}

/**
 * Grafana joins a table's columns where all labels that two of them have are the same: a row is what
 * one model, server … is. So of two rows none may have but a part of the other's labels.
 */
export function assertRows(answers: readonly QueryAnswer[][]): void {
  const rows = new Map(
    answers.flat().map(({ metric }) => [JSON.stringify(sorted(metric)), metric]),
  );
  for (const one of rows.values()) {
    for (const other of rows.values()) {
      assert.ok(
        one === other || !isPart(one, other),
        `Two rows are about the same: ${JSON.stringify(one)} and ${JSON.stringify(other)}.`,
      );
    }
  }
}

function isPart(one: Record<string, string>, other: Record<string, string>): boolean {
  return Object.entries(one).every(([label, value]) => other[label] === value);
}

function sorted(labels: Record<string, string>): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}
