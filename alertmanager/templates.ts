/**
 * The text of `messages.tmpl`: what people read, whatever way it takes to them. A message is about
 * one model; each of its alerts says what is the case, since when, where, the value with its
 * threshold, and leads to the board, from an hour before the alert until its end, and to the runbook.
 * What still goes on comes before what is over.
 */
export const TEMPLATES = `{{ define "vllm.title" -}}
{{- $told := or .Alerts.Firing .Alerts -}}
[{{ if eq .Status "firing" }}{{ len $told }} firing{{ else }}resolved{{ end }}]
{{- with .CommonLabels.severity }} {{ . }}{{ end }}
{{- with .GroupLabels.model_name }} {{ . }}{{ end }}: {{ (index $told 0).Annotations.summary }}
{{- if gt (len $told) 1 }}, and {{ len (slice $told 1) }} more{{ end }}
{{- end }}

{{ define "vllm.board" -}}
{{ .Annotations.dashboard_url }}
{{- if match "[?]" .Annotations.dashboard_url }}&{{ else }}?{{ end -}}
from={{ (.StartsAt.Add -3600000000000).UnixMilli }}&to=
{{- if eq .Status "resolved" }}{{ .EndsAt.UnixMilli }}{{ else }}now{{ end }}
{{- end }}

{{ define "vllm.time" }}{{ .UTC.Format "2006-01-02 15:04 UTC" }}{{ end }}

${message("vllm.text", "\n", (name, url) => `${name}: ${url}`)}

${message("vllm.markdown", "\n\n", (name, url) => `[${name}](${url})`)}

{{ define "vllm.firstBoard" }}{{ template "vllm.board" (index (or .Alerts.Firing .Alerts) 0) }}{{ end }}

{{ define "vllm.firstRunbook" }}{{ (index (or .Alerts.Firing .Alerts) 0).Annotations.runbook_url }}{{ end }}
`;

/** Templates of a message: every line of it ends with `end`, and `link` writes where one can go. */
function message(name: string, end: string, link: (name: string, url: string) => string): string {
  const lines = [
    `{{ .Status | toUpper }} {{ .Labels.severity }} {{ .Labels.alertname }}: {{ .Annotations.summary }}${end}`,
    `{{ .Annotations.description }}${end}`,
    `{{ if eq .Status "resolved" }}From {{ template "vllm.time" .StartsAt }} to {{ template "vllm.time" .EndsAt }}`,
    `{{ else }}Since {{ template "vllm.time" .StartsAt }}{{ end }}${end}`,
    `{{ with .Labels.model_name }}Model: {{ . }}${end}{{ end }}`,
    `{{ with .Labels.instance }}Instance: {{ . }}${end}{{ end }}`,
    `{{ with .Annotations.value }}Value: {{ . }}{{ with $.Annotations.threshold }} (threshold: {{ . }}){{ end }}${end}{{ end }}`,
    `${link("Board", '{{ template "vllm.board" . }}')}${end}`,
    `${link("Runbook", "{{ .Annotations.runbook_url }}")}${end}`,
  ];
  const all = (which: string) =>
    `{{ range .Alerts.${which} }}{{ template "${name}.alert" . }}\n{{ end }}`;
  return [
    `{{ define "${name}.alert" }}${lines.join("")}{{ end }}`,
    `{{ define "${name}" }}${all("Firing")}${all("Resolved")}{{ end }}`,
  ].join("\n\n");
}
