/**
 * The text of `messages.tmpl`: what people read, whatever way it takes to them. A message is about
 * one model; each of its alerts says what is the case, where, the value with its threshold, and leads
 * to the board, an hour before the alert until its end, and to the runbook.
 */
export const TEMPLATES = `{{ define "vllm.title" -}}
[{{ if eq .Status "firing" }}{{ len .Alerts.Firing }} firing{{ else }}resolved{{ end }}]
{{- with .CommonLabels.severity }} {{ . }}{{ end }}
{{- with .GroupLabels.model_name }} {{ . }}{{ end }}:
{{- if eq (len .Alerts) 1 }} {{ (index .Alerts 0).Annotations.summary }}{{ else }}
{{- with .CommonLabels.alertname }} {{ . }}{{ else }} {{ len $.Alerts }} alerts{{ end }}{{ end }}
{{- end }}

{{ define "vllm.board" -}}
{{ .Annotations.dashboard_url }}
{{- if match "[?]" .Annotations.dashboard_url }}&{{ else }}?{{ end -}}
from={{ (.StartsAt.Add -3600000000000).UnixMilli }}&to=
{{- if eq .Status "resolved" }}{{ .EndsAt.UnixMilli }}{{ else }}now{{ end }}
{{- end }}

{{ define "vllm.alert" -}}
{{ .Status | toUpper }} {{ .Labels.severity }} {{ .Labels.alertname }}: {{ .Annotations.summary }}
{{ .Annotations.description }}
{{ with .Labels.model_name }}Model: {{ . }}
{{ end }}{{ with .Labels.instance }}Instance: {{ . }}
{{ end }}{{ with .Annotations.value }}Value: {{ . }}{{ end }}
{{- with .Annotations.threshold }} (threshold: {{ . }}){{ end }}
Board: {{ template "vllm.board" . }}
Runbook: {{ .Annotations.runbook_url }}
{{ end }}

{{ define "vllm.text" }}{{ range .Alerts }}{{ template "vllm.alert" . }}
{{ end }}{{ end }}

{{ define "vllm.firstBoard" }}{{ template "vllm.board" (index .Alerts 0) }}{{ end }}
`;
