{{- define "cashew.name" -}}
{{- if contains "cashew" .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ .Release.Name | trunc 45 | trimSuffix "-" }}-cashew{{ end }}
{{- end }}

{{- define "cashew.selector" -}}
app.kubernetes.io/name: cashew
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: proxy
{{- end }}

{{/* Labels of an object; takes the root and the component. */}}
{{- define "cashew.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: cashew
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "cashew.image" -}}
{{- if .Values.build.enabled -}}
{{ include "cashew.name" . }}:latest
{{- else if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}
