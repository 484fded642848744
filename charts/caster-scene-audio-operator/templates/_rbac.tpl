{{/* The rights on what the operator serves. Objects are only read; their status is written. */}}
{{- define "caster-scene-audio-operator.objectRules" -}}
- apiGroups: [live.alibabacloud.com]
  resources: [castersceneaudios]
  verbs: [list, watch]
- apiGroups: [live.alibabacloud.com]
  resources: [castersceneaudios/status]
  verbs: [patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
# The note of an Event that stands for a series of changes is renewed; events.k8s.io doesn't take that.
- apiGroups: [""]
  resources: [events]
  verbs: [patch]
{{- end }}

{{- define "caster-scene-audio-operator.secretRule" -}}
# Only the Secrets that objects name in spec.credentialsSecretRef are read, one by one. Without
# this rule such objects are Stalled.
- apiGroups: [""]
  resources: [secrets]
  {{- with .Values.rbac.secrets.resourceNames }}
  resourceNames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  verbs: [get, watch]
{{- end }}

{{/* The rule of Secrets, where it goes with the rules above. */}}
{{- define "caster-scene-audio-operator.rules" -}}
{{ include "caster-scene-audio-operator.objectRules" . }}
{{- if and .Values.rbac.secrets.enabled (not .Values.rbac.secrets.namespaces) }}
{{ include "caster-scene-audio-operator.secretRule" . }}
{{- end }}
{{- end }}

{{- define "caster-scene-audio-operator.subjects" -}}
- kind: ServiceAccount
  name: {{ include "caster-scene-audio-operator.serviceAccountName" . | quote }}
  namespace: {{ include "caster-scene-audio-operator.namespace" . | quote }}
{{- end }}

{{/* A Role and its binding to the operator: called with a dict of root, name, namespace and rules. */}}
{{- define "caster-scene-audio-operator.boundRole" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ .name | quote }}
  namespace: {{ .namespace | quote }}
  labels:
    {{- include "caster-scene-audio-operator.labels" (list .root "operator") | nindent 4 }}
rules:
  {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .name | quote }}
  namespace: {{ .namespace | quote }}
  labels:
    {{- include "caster-scene-audio-operator.labels" (list .root "operator") | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name | quote }}
subjects:
  {{- include "caster-scene-audio-operator.subjects" .root | nindent 2 }}
{{- end }}

{{- define "caster-scene-audio-operator.leaseRules" -}}
# A name can't be asked for when a Lease is created.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "caster-scene-audio-operator.leaseName" . | quote }}]
  verbs: [get, update]
{{- end }}
