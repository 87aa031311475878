import { LineCounter, parseDocument, visit } from "yaml";
import { SettingsError } from "../settings.ts";

/**
 * The content of a stack's file, exactly as the engine reads it. The engine uses an older version of
 * YAML than this library: text that the two read differently is rejected.
 *
 * @throws {SettingsError} naming the file, for invalid YAML and for such text.
 */
export function parseStackYaml(text: string, file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw new SettingsError(`${file} is not valid YAML: ${error.message.trim()}`);
  visit(document, {
    Scalar(_, { source = "", type, range }) {
      if (type !== "PLAIN" || !AMBIGUOUS.test(source)) return;
      // Do not include the value: it may be a secret.
      const { line } = lines.linePos(range?.[0] ?? 0);
      throw new SettingsError(
        `${file}, line ${line}, has a value that versions of YAML read differently, such as 017, 1_000 or 2026-01-01: put it in quotes for a text, or write a decimal number.`,
      );
    },
  });
  let content: unknown;
  try {
    content = document.toJS();
    // Throws on content that contains itself.
    JSON.stringify(content);
  } catch {
    throw new SettingsError(
      `${file} has an alias (*name) without its anchor (&name), within it, or too many of them: write the values out.`,
    );
  }
  return content;
}

/** Octal and binary numbers, numbers with underscores, and dates of YAML 1.1. */
const AMBIGUOUS =
  /^[-+]?(0[0-7_]+|0b[01_]+|\d[\d,]*_[\d_]*(\.[\d_]*)?|0x[\da-fA-F_]*_[\da-fA-F_]*)$|^\d{4}-\d\d?-\d\d?([Tt ].*)?$/;
