{{/*
What has the Prometheus operator scrape: called with a dict of root, name of the value, kind, and endpoints,
which is what the kind calls them.
*/}}
{{- define "caster-scene-audio-operator.monitor" -}}
{{- $root := .root }}
{{- $name := .name }}
{{- $kind := .kind }}
{{- $values := get $root.Values $name }}
{{- if and $values.enabled ($root.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" $kind)) }}
apiVersion: monitoring.coreos.com/v1
kind: {{ $kind }}
metadata:
  name: {{ include "caster-scene-audio-operator.fullname" $root | quote }}
  namespace: {{ include "caster-scene-audio-operator.namespace" $root | quote }}
  labels:
    {{- include "caster-scene-audio-operator.labels" (list $root "operator" (list (printf "%s.labels" $name) $values.labels)) | nindent 4 }}
  {{- with $values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{ .endpoints }}:
    - port: http
      path: /metrics
      {{- with $values.interval }}
      interval: {{ . | quote }}
      {{- end }}
      {{- with $values.scrapeTimeout }}
      scrapeTimeout: {{ . | quote }}
      {{- end }}
      {{- with $values.relabelings }}
      relabelings:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.metricRelabelings }}
      metricRelabelings:
        {{- toYaml . | nindent 8 }}
      {{- end }}
  namespaceSelector:
    matchNames: [{{ include "caster-scene-audio-operator.namespace" $root | quote }}]
  selector:
    matchLabels:
      {{- include "caster-scene-audio-operator.selectorLabels" (list $root "operator") | nindent 6 }}
{{- end }}
{{- end }}
