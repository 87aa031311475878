/** The names that a panel shows: the lines of a legend, the rows of a table. */
import assert from "node:assert/strict";
import type { QueryAnswer } from "./scrapedPrometheus.ts";

/** Fails unless each line has a unique name and no label in a name is missing. */
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

/** The rows of a table, each named by its labels. */
export function rowsOf(answers: readonly QueryAnswer[][]): string[] {
  return [...new Set(answers.flat().map(({ metric }) => Object.values(metric).join(" ")))];
}

/**
 * Grafana merges two rows if all labels that both have are equal: a row stands for one model, server
 * and so on. So the labels of one row must not be a subset of the labels of another.
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
