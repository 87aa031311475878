import type { Fault } from "../common/schemaParts.ts";

/**
 * Finds texts and names, anywhere in a stack's configuration, with characters that Go's YAML rejects in a
 * file. Also finds the name `__proto__`, which JavaScript drops.
 */
export function unusableTexts(value: unknown, path: PropertyKey[] = []): Fault[] {
  if (typeof value === "string") {
    const [character] = UNUSABLE.exec(value) ?? [];
    if (character === undefined) return [];
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const message = `contains the character U+${code}, which configuration files cannot hold: remove it.`;
    return [{ path, input: undefined, message }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inside = [...path, Array.isArray(value) ? Number(key) : key];
    const name = key === "__proto__" ? [reserved(path)] : unusableTexts(key, path);
    return [...name, ...unusableTexts(item, inside)];
  });
}

/**
 * Control characters except tabs and line ends, Unicode's line separators, lone surrogates and
 * non-characters.
 */
const UNUSABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]|\p{Surrogate}/u;

function reserved(path: PropertyKey[]): Fault {
  const message = "has a key __proto__, which cannot be used: choose another name.";
  return { path, input: undefined, message };
}
