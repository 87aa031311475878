import { alertRules, type RuleOptions } from "./index.ts";

/** What each alert means, by its name: its summary without the values of its labels. */
export function alertMeanings(options: RuleOptions): Record<string, string> {
  return Object.fromEntries(
    alertRules(options).flatMap(({ rules }) =>
      rules.map(({ name, summary }) => [name, meaning(summary)]),
    ),
  );
}

/** A summary without its template actions: `{{ $labels.instance }} hangs` is `The server hangs`. */
function meaning(summary: string): string {
  const text = WORDS.reduce((text, [found, words]) => text.replaceAll(found, words), summary)
    .replace(/\{\{ with .*?\{\{ end \}\}/g, "")
    .replace(/:? ?\{\{.*?\}\}/g, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What stands for the values that an alert has of its own. */
const WORDS: [found: string | RegExp, words: string][] = [
  ["engine {{ $labels.engine }} of {{ $labels.instance }}", "an engine of the server"],
  ["GPU {{ $labels.gpu }} of {{ $labels.Hostname }}", "a GPU"],
  [/XID \{\{.*?\}\}/g, "an XID error"],
  ['the error budget of "{{ $labels.objective }}"', "an SLO's error budget"],
  ["GPU exporter {{ $labels.instance }}", "GPU exporter"],
  ["{{ $labels.instance }}", "the server"],
  ["{{ $labels.model_name }}", "the model"],
  ["{{ $labels.metric }}", "a metric"],
  ["{{ $labels.fault }}", "memory faults"],
  [/\{\{[^}]*\}\} times as fast as/g, "faster than"],
  ["{{ $value }}", "several"],
];
