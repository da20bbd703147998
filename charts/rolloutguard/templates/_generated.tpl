{{/* Written by `npm run generate` from src/kube/api-calls.ts and src/operator/settings-table.ts; change it there. */}}
{{- define "rolloutguard.guardingRules" }}
- apiGroups:
    - apps
  resources:
    - deployments
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - apps
  resources:
    - replicasets
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - pods
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - services
  verbs:
    - list
    - watch
- apiGroups:
    - discovery.k8s.io
  resources:
    - endpointslices
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - endpoints
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - events
  verbs:
    - list
    - watch
    - create
    - patch
- apiGroups:
    - networking.k8s.io
  resources:
    - networkpolicies
  verbs:
    - list
- apiGroups:
    - rolloutguard.io
  resources:
    - rolloutguards
  verbs:
    - list
    - watch
- apiGroups:
    - rolloutguard.io
  resources:
    - rolloutguards/status
  verbs:
    - patch
- apiGroups:
    - rolloutguard.io
  resources:
    - incidents
  verbs:
    - get
    - list
    - watch
    - create
    - delete
- apiGroups:
    - rolloutguard.io
  resources:
    - incidents/status
  verbs:
    - patch
{{- if .Values.features.logs }}
- apiGroups:
    - ""
  resources:
    - pods/log
  verbs:
    - get
{{- end }}
{{- end }}
{{- define "rolloutguard.leaseRules" }}
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - create
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - get
    - update
  resourceNames:
    - '{{ include "rolloutguard.fullname" . }}'
{{- end }}
{{- define "rolloutguard.metricsReviewRules" }}
- apiGroups:
    - authentication.k8s.io
  resources:
    - tokenreviews
  verbs:
    - create
- apiGroups:
    - authorization.k8s.io
  resources:
    - subjectaccessreviews
  verbs:
    - create
{{- end }}
{{- define "rolloutguard.viewRules" }}
- apiGroups:
    - rolloutguard.io
  resources:
    - rolloutguards
    - incidents
  verbs:
    - get
    - list
    - watch
{{- end }}
{{- define "rolloutguard.editRules" }}
- apiGroups:
    - rolloutguard.io
  resources:
    - rolloutguards
  verbs:
    - create
    - update
    - patch
    - delete
    - deletecollection
- apiGroups:
    - rolloutguard.io
  resources:
    - incidents
  verbs:
    - create
    - delete
    - deletecollection
- apiGroups:
    - rolloutguard.io
  resources:
    - incidents/status
  verbs:
    - patch
{{- end }}
{{- define "rolloutguard.settingsEnv" }}
{{- if hasKey .Values.settings "observeOnly" }}
- name: ROLLOUTGUARD_OBSERVE_ONLY
  value: {{ .Values.settings.observeOnly | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "workers" }}
- name: ROLLOUTGUARD_WORKERS
  value: {{ .Values.settings.workers | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "metricsCertificate" }}
- name: ROLLOUTGUARD_METRICS_CERTIFICATE
  value: {{ .Values.settings.metricsCertificate | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "logLevel" }}
- name: ROLLOUTGUARD_LOG_LEVEL
  value: {{ .Values.settings.logLevel | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "logFormat" }}
- name: ROLLOUTGUARD_LOG_FORMAT
  value: {{ .Values.settings.logFormat | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "httpChecks" }}
- name: ROLLOUTGUARD_HTTP_CHECKS
  value: {{ .Values.settings.httpChecks | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "podProxy" }}
- name: ROLLOUTGUARD_POD_PROXY
  value: {{ .Values.settings.podProxy | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "resyncInterval" }}
- name: ROLLOUTGUARD_RESYNC_INTERVAL
  value: {{ .Values.settings.resyncInterval | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "shutdownTimeout" }}
- name: ROLLOUTGUARD_SHUTDOWN_TIMEOUT
  value: {{ .Values.settings.shutdownTimeout | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "leaseDuration" }}
- name: ROLLOUTGUARD_LEASE_DURATION
  value: {{ .Values.settings.leaseDuration | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "leaseRenewDeadline" }}
- name: ROLLOUTGUARD_LEASE_RENEW_DEADLINE
  value: {{ .Values.settings.leaseRenewDeadline | toString | quote }}
{{- end }}
{{- if hasKey .Values.settings "leaseRetryPeriod" }}
- name: ROLLOUTGUARD_LEASE_RETRY_PERIOD
  value: {{ .Values.settings.leaseRetryPeriod | toString | quote }}
{{- end }}
{{- end }}
