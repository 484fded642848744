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

{{- define "caster-scene-audio-operator.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "caster-scene-audio-operator.image" -}}
{{- $registry := default .Values.image.registry .Values.global.imageRegistry | trimSuffix "/" }}
{{- with .Values.image }}
{{- $repository := ternary (printf "%s/%s" $registry .repository) .repository (ne $registry "") }}
{{- if .digest }}
{{- printf "%s@%s" $repository .digest }}
{{- else }}
{{- printf "%s:%s" $repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "caster-scene-audio-operator.serviceUrl" -}}
{{- printf "http://%s.%s.svc:%d" (include "caster-scene-audio-operator.fullname" .) (include "caster-scene-audio-operator.namespace" .) (int .Values.service.port) }}
{{- end }}

{{- define "caster-scene-audio-operator.emulatorUrl" -}}
{{- printf "http://%s-emulator.%s.svc:%d" (include "caster-scene-audio-operator.fullname" .) (include "caster-scene-audio-operator.namespace" .) (int .Values.emulator.port) }}
{{- end }}
