{{/* What `global` says for all charts of a release, and this chart's own values. */}}

{{- define "caster-scene-audio-operator.imagePullSecrets" -}}
{{- $secrets := list }}
{{- range concat (default list .Values.global.imagePullSecrets) .Values.imagePullSecrets }}
{{- $secrets = append $secrets (kindIs "string" . | ternary (dict "name" .) .) }}
{{- end }}
{{- with uniq $secrets }}
imagePullSecrets:
{{ toYaml . | indent 2 }}
{{- end }}
{{- end }}

{{/* A label of nodes that both name is as the chart's value says. */}}
{{- define "caster-scene-audio-operator.placement" -}}
{{- with mergeOverwrite (deepCopy (default dict .Values.global.nodeSelector)) .Values.nodeSelector }}
nodeSelector:
{{ toYaml . | indent 2 }}
{{- end }}
{{- with uniq (concat (default list .Values.global.tolerations) .Values.tolerations) }}
tolerations:
{{ toYaml . | indent 2 }}
{{- end }}
{{- end }}
