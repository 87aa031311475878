/**
 * The text of `messages.tmpl`, which all integrations use. A message is about one model and one
 * severity. Each of its alerts has the summary, the time, the place, the value with its threshold,
 * and links to the runbook and to the dashboard from an hour before the alert until its end. Firing
 * alerts come before resolved ones.
 */
export const TEMPLATES = `{{ define "vllm.title" -}}
{{- $alerts := or .Alerts.Firing .Alerts -}}
[{{ if eq .Status "firing" }}{{ len $alerts }} firing{{ else }}resolved{{ end }}]
{{- with .CommonLabels.severity }} {{ . }}{{ end }}
{{- with .GroupLabels.model_name }} {{ . }}{{ end }}: {{ (index $alerts 0).Annotations.summary }}
{{- if gt (len $alerts) 1 }}, and {{ len (slice $alerts 1) }} more{{ end }}
{{- end }}

{{ define "vllm.dashboard" -}}
{{ .Annotations.dashboard_url }}
{{- if match "[?]" .Annotations.dashboard_url }}&{{ else }}?{{ end -}}
from={{ (.StartsAt.Add -3600000000000).UnixMilli }}&to=
{{- if eq .Status "resolved" }}{{ .EndsAt.UnixMilli }}{{ else }}now{{ end }}
{{- end }}

{{ define "vllm.time" }}{{ .UTC.Format "2006-01-02 15:04 UTC" }}{{ end }}

${message("vllm.text", "\n", (name, url) => `${name}: ${url}`)}

${message("vllm.markdown", "\n\n", (name, url) => `[${name}](${url})`)}

{{ define "vllm.firstDashboard" }}{{ template "vllm.dashboard" (index (or .Alerts.Firing .Alerts) 0) }}{{ end }}

{{ define "vllm.firstRunbook" }}{{ (index (or .Alerts.Firing .Alerts) 0).Annotations.runbook_url }}{{ end }}
`;

/** Templates of a message; `end` ends each line, and `link` writes a link. */
function message(name: string, end: string, link: (name: string, url: string) => string): string {
  const lines = [
    `{{ .Status | toUpper }} {{ .Labels.severity }} {{ .Labels.alertname }}: {{ .Annotations.summary }}${end}`,
    `{{ .Annotations.description }}${end}`,
    `{{ if eq .Status "resolved" }}From {{ template "vllm.time" .StartsAt }} to {{ template "vllm.time" .EndsAt }}`,
    `{{ else }}Since {{ template "vllm.time" .StartsAt }}{{ end }}${end}`,
    `{{ with .Labels.model_name }}Model: {{ . }}${end}{{ end }}`,
    `{{ with .Labels.instance }}Instance: {{ . }}${end}{{ end }}`,
    `{{ with .Annotations.value }}Value: {{ . }}{{ with $.Annotations.threshold }} (threshold: {{ . }}){{ end }}${end}{{ end }}`,
    `${link("Dashboard", '{{ template "vllm.dashboard" . }}')}${end}`,
    `${link("Runbook", "{{ .Annotations.runbook_url }}")}${end}`,
  ];
  const all = (which: string) =>
    `{{ range .Alerts.${which} }}{{ template "${name}.alert" . }}\n{{ end }}`;
  return [
    `{{ define "${name}.alert" }}${lines.join("")}{{ end }}`,
    `{{ define "${name}" }}${all("Firing")}${all("Resolved")}{{ end }}`,
  ].join("\n\n");
}
