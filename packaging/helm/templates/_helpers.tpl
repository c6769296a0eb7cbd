{{/* The release's own name where it says parapet, else both. */}}
{{- define "parapet.name" -}}
{{- if contains "parapet" .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-parapet" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* By what the Pods of one release are found. */}}
{{- define "parapet.selector" -}}
app.kubernetes.io/name: parapet
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "parapet.labels" -}}
{{ include "parapet.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{/* A setting that comes from a Secret: its name in the environment, and where it stands. */}}
{{- define "parapet.secret" -}}
{{- $at := index . 1 -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ $at.name }}
      key: {{ $at.key }}
      {{- if $at.optional }}
      optional: true
      {{- end }}
{{- end -}}
