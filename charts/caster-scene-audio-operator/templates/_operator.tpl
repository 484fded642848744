{{/* What follows the image's entry point: each of settings is the flag of its name. */}}
{{- define "caster-scene-audio-operator.arguments" -}}
- run
{{- with .Values.watchNamespaces }}
- --namespace
{{ toYaml . }}
{{- end }}
{{- with .Values.selector }}
- --selector
- {{ . | quote }}
{{- end }}
{{- if .Values.leaderElection.enabled }}
- --leader-elect
- --lease-name
- {{ include "caster-scene-audio-operator.leaseName" . | quote }}
- --lease-namespace
- {{ include "caster-scene-audio-operator.namespace" . | quote }}
- --lease-duration
- {{ .Values.leaderElection.leaseDuration | quote }}
{{- end }}
{{- $settings := .Values.settings }}
{{- if .Values.emulator.enabled }}
{{- $settings = merge (dict "liveEndpoint" (include "caster-scene-audio-operator.emulatorUrl" .)) $settings }}
{{- end }}
{{- range $name, $value := $settings }}
{{- $words := kindIs "slice" $value | ternary $value (list $value) }}
{{- with without $words "" }}
- --{{ kebabcase $name }}
{{- range . }}
- {{ . | toString | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "caster-scene-audio-operator.keySecret" -}}
{{- if .Values.emulator.enabled }}
{{- include "caster-scene-audio-operator.fullname" . }}-emulator
{{- else }}
{{- .Values.credentials.existingSecret }}
{{- end }}
{{- end }}

{{- define "caster-scene-audio-operator.ownEnvironment" -}}
{{- with include "caster-scene-audio-operator.keySecret" . -}}
- name: ALIBABA_CLOUD_ACCESS_KEY_ID
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: access-key-id
- name: ALIBABA_CLOUD_ACCESS_KEY_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: access-key-secret
- name: ALIBABA_CLOUD_SECURITY_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: security-token
      optional: true
{{- end }}
{{- if not .Values.credentials.ecsRole.enabled }}
- name: ALIBABA_CLOUD_ECS_METADATA_DISABLED
  value: "true"
{{- end }}
{{- end }}

{{- define "caster-scene-audio-operator.environment" -}}
{{- include "caster-scene-audio-operator.ownEnvironment" . }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Replicas of one revision are spread, so that a rolling update ends as even as it began. */}}
{{- define "caster-scene-audio-operator.topologySpreadConstraints" -}}
{{- $labels := include "caster-scene-audio-operator.selectorLabels" (list . "operator") | fromYaml }}
{{- $ours := dict "labelSelector" (dict "matchLabels" $labels) "matchLabelKeys" (list "pod-template-hash") }}
{{- $constraints := list }}
{{- range .Values.topologySpreadConstraints }}
{{- if hasKey . "labelSelector" }}
{{- $constraints = append $constraints . }}
{{- else }}
{{- $constraints = append $constraints (merge (deepCopy .) $ours) }}
{{- end }}
{{- end }}
{{- toYaml $constraints }}
{{- end }}
