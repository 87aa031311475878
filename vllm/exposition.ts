/** The text format of a `/metrics` response. */
import { formatFloat } from "./buckets.ts";

/** One series with its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The series below one `# TYPE` line. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * The families of an exposition, in order.
 *
 * @throws if a line is neither a comment nor a sample.
 */
export function parseExposition(text: string): Family[] {
  const families: (Family & { samples: Sample[] })[] = [];
  let help = "";
  for (const line of text.split("\n")) {
    const comment = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line);
    if (comment?.[1] === "HELP") help = unescape(comment[3] ?? "");
    else if (comment?.[2] !== undefined) {
      families.push({ name: comment[2], type: comment[3] ?? "", help, samples: [] });
    } else if (line !== "" && !line.startsWith("#")) {
      families.at(-1)?.samples.push(parseSample(line));
    }
  }
  return families;
}

/** The exposition of families, as Python's client writes it. */
export function formatExposition(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(formatSample),
        "",
      ].join("\n"),
    )
    .join("");
}

function parseSample(line: string): Sample {
  const { name, labels = "", value } = SAMPLE.exec(line)?.groups ?? {};
  if (name === undefined || value === undefined) {
    throw new Error(`This line is no sample of Prometheus's text format: ${line}`);
  }
  const pairs = [...labels.matchAll(LABEL)].map(
    ([, label = "", text = ""]) => [label, unescape(text)] as const,
  );
  return { name, labels: Object.fromEntries(pairs), value: parseValue(value) };
}

const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const SAMPLE = new RegExp(
  `^(?<name>[A-Za-z_:][\\w:]*)(?:\\{(?<labels>(?:${LABEL.source},?)*)\\})? (?<value>\\S+)$`,
);

function formatSample({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${formatFloat(value)}`;
}

function parseValue(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}

function escape(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
