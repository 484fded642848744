{{/* For what holds for the whole cluster. Releases that serve a few namespaces each may share a name. */}}
{{- define "caster-scene-audio-operator.clusterName" -}}
{{- include "caster-scene-audio-operator.fullname" . }}
{{- if .Values.watchNamespaces }}-{{ .Release.Namespace }}{{ end }}
{{- end }}

{{/* A policy is asked about the objects that the operator serves, and about no status. */}}
{{- define "caster-scene-audio-operator.policyRules" -}}
resourceRules:
  - apiGroups: [live.alibabacloud.com]
    apiVersions: [v1alpha1]
    operations: [CREATE, UPDATE]
    resources: [castersceneaudios]
    scope: Namespaced
{{- end }}

{{/* Labels, annotations, finalizers and a deletion are nobody's business here. */}}
{{- define "caster-scene-audio-operator.specIsNew" -}}
- name: the-spec-is-new
  expression: request.operation == "CREATE" || object.spec != oldObject.spec
{{- end }}

{{/* Puts a policy in force: called with a dict of root, name and action. */}}
{{- define "caster-scene-audio-operator.policyBinding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .name }}
  labels:
    {{- include "caster-scene-audio-operator.labels" (list .root "operator") | nindent 4 }}
spec:
  policyName: {{ .name }}
  validationActions: [{{ .action }}]
  {{- with .root.Values.watchNamespaces }}
  matchResources:
    namespaceSelector:
      matchExpressions:
        - key: kubernetes.io/metadata.name
          operator: In
          values:
            {{- toYaml . | nindent 12 }}
  {{- end }}
{{- end }}
