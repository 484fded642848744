{{- define "caster-scene-audio-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Short enough that every suffix of ours fits behind it in 63 characters. */}}
{{- define "caster-scene-audio-operator.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $full .Values.fullnameOverride | trunc 48 | trimSuffix "-" }}
{{- end }}

{{- define "caster-scene-audio-operator.serviceAccountName" -}}
{{- $usual := ternary (include "caster-scene-audio-operator.fullname" .) "default" .Values.serviceAccount.create }}
{{- default $usual .Values.serviceAccount.name }}
{{- end }}

{{- define "caster-scene-audio-operator.leaseName" -}}
{{- default (include "caster-scene-audio-operator.fullname" .) .Values.leaderElection.leaseName }}
{{- end }}

{{- define "caster-scene-audio-operator.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The labels below are called with a list: the root, and the component. */}}
{{- define "caster-scene-audio-operator.selectorLabels" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ include "caster-scene-audio-operator.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end }}

{{- define "caster-scene-audio-operator.labels" -}}
{{- $root := first . -}}
{{ include "caster-scene-audio-operator.selectorLabels" . }}
app.kubernetes.io/part-of: {{ $root.Chart.Name }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Without the chart's version, so that a new chart alone replaces no pod. */}}
{{- define "caster-scene-audio-operator.podLabels" -}}
{{- $root := first . -}}
{{ include "caster-scene-audio-operator.selectorLabels" . }}
app.kubernetes.io/part-of: {{ $root.Chart.Name }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "caster-scene-audio-operator.serviceUrl" -}}
{{- printf "http://%s.%s.svc:%d" (include "caster-scene-audio-operator.fullname" .) .Release.Namespace (int .Values.service.port) }}
{{- end }}

{{- define "caster-scene-audio-operator.emulatorUrl" -}}
{{- printf "http://%s-emulator.%s.svc:%d" (include "caster-scene-audio-operator.fullname" .) .Release.Namespace (int .Values.emulator.port) }}
{{- end }}
