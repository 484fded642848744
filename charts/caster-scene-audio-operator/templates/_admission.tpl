{{/* For what holds for the whole cluster. Releases that serve a few namespaces each may share a name. */}}
{{- define "caster-scene-audio-operator.clusterName" -}}
{{- include "caster-scene-audio-operator.fullname" . }}
{{- if .Values.watchNamespaces }}-{{ include "caster-scene-audio-operator.namespace" . }}{{ end }}
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
  name: {{ .name | quote }}
  labels:
    {{- include "caster-scene-audio-operator.labels" (list .root "operator") | nindent 4 }}
spec:
  policyName: {{ .name | quote }}
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

{{/* A pattern of settings.ownCredentials as the regular expression of the same names. */}}
{{- define "caster-scene-audio-operator.patternAsRegex" -}}
{{- range regexFindAll `\[(?:!.|[^!])[^\]]*\]|.` . -1 }}
{{- if eq . "*" -}} .*
{{- else if eq . "?" -}} .
{{- else if gt (len (splitList "" .)) 1 -}}
{{- include "caster-scene-audio-operator.classAsRegex" . }}
{{- else -}}
{{- regexQuoteMeta . }}
{{- end }}
{{- end }}
{{- end }}

{{/* A class is `[…]`, or `[!…]` for all others; `]` is one of its characters where it comes first. */}}
{{- define "caster-scene-audio-operator.classAsRegex" -}}
{{- $class := . }}
{{- $punctuation := "[!-/:-@[-`{-~]" }}
{{- $inside := $class | trimPrefix "[" | trimSuffix "]" -}}
[{{ if hasPrefix "!" $inside }}^{{ end }}
{{- range regexFindAll ".-.|." (trimPrefix "!" $inside) -1 }}
{{- $ends := splitList "" . }}
{{- if gt (first $ends) (last $ends) }}
{{- fail (printf "settings.ownCredentials: in %s the range %s runs backwards. Write its lower end first." $class .) }}
{{- end }}
{{- range $index, $end := $ends }}
{{- if ne $index 1 }}
{{- regexReplaceAll $punctuation $end `\${0}` }}
{{- else -}} -
{{- end }}
{{- end }}
{{- end -}} ]
{{- end }}

{{/* settings.ownCredentials as a list in CEL; quoted as Go does, which CEL reads alike. */}}
{{- define "caster-scene-audio-operator.grants" -}}
{{- $grants := list }}
{{- range .Values.settings.ownCredentials }}
{{- $parts := splitn "=" 2 . }}
{{- $casters := list }}
{{- range splitList "," (default "*" $parts._1) }}
{{- $casters = append $casters (include "caster-scene-audio-operator.patternAsRegex" .) }}
{{- end }}
{{- $namespace := include "caster-scene-audio-operator.patternAsRegex" $parts._0 }}
{{- $grants = append $grants (printf `{"namespace": %q, "casters": %q}` (printf "^%s$" $namespace) (printf "^(%s)$" (join "|" $casters))) }}
{{- end }}
[{{ join ",\n" $grants }}]
{{- end }}
