{{/* The name of the objects: that of the release, which holds the name of the chart in most cases. */}}
{{- define "rolloutguard.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "rolloutguard.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "rolloutguard.fullname" .) -}}
{{- end -}}

{{/* Of every object. */}}
{{- define "rolloutguard.labels" -}}
app.kubernetes.io/name: rolloutguard
app.kubernetes.io/part-of: rolloutguard
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What selects the pods of this release; a Deployment cannot change it. */}}
{{- define "rolloutguard.selectorLabels" -}}
app.kubernetes.io/name: rolloutguard
app.kubernetes.io/component: operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "rolloutguard.image" -}}
{{- with .Values.image -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The port of the metrics, by its name. */}}
{{- define "rolloutguard.metricsPortName" -}}
{{- ternary "https" "http" .Values.secureMetrics.enabled -}}
{{- end -}}
{{- define "rolloutguard.metricsPort" -}}
{{- ternary 8443 8080 .Values.secureMetrics.enabled -}}
{{- end -}}

{{- define "rolloutguard.subject" -}}
- kind: ServiceAccount
  name: {{ include "rolloutguard.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
