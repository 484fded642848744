{{/* What a schema can't say; each message tells what to write instead. */}}
{{- define "caster-scene-audio-operator.validate" -}}
{{- $emulated := .Values.emulator.enabled }}
{{- if and (gt (int .Values.replicaCount) 1) (not .Values.leaderElection.enabled) }}
{{- fail "replicaCount is above 1 and leaderElection.enabled is false: every call would be made twice. Set replicaCount to 1, or turn leader election on." }}
{{- end }}
{{- if le (float64 .Values.terminationGracePeriodSeconds) (float64 .Values.settings.stopTimeout) }}
{{- fail "terminationGracePeriodSeconds must be more than settings.stopTimeout, else calls in flight are cut off." }}
{{- end }}
{{- if and $emulated (or .Values.settings.liveEndpoint .Values.credentials.existingSecret .Values.credentials.rrsa.roleName) }}
{{- fail "emulator.enabled has the operator call the emulator with a made-up key: leave settings.liveEndpoint, credentials.existingSecret and credentials.rrsa.roleName empty." }}
{{- end }}
{{- if and .Values.credentials.existingSecret .Values.credentials.rrsa.roleName }}
{{- fail "credentials.existingSecret would go before credentials.rrsa.roleName: set one of them." }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled }}
{{- fail "serviceMonitor.enabled and podMonitor.enabled would have each metric scraped twice: set one of them." }}
{{- end }}
{{- if and .Values.networkPolicy.metricsFrom (not .Values.networkPolicy.enabled) }}
{{- fail "networkPolicy.metricsFrom has no effect while networkPolicy.enabled is false: everyone may ask for metrics. Turn the policy on, or leave metricsFrom empty." }}
{{- end }}
{{- include "caster-scene-audio-operator.unique" (list "extraEnv" .Values.extraEnv "name") }}
{{- $ours := include "caster-scene-audio-operator.ownEnvironment" . | fromYamlArray }}
{{- range .Values.extraEnv }}
{{- $given := .name }}
{{- range $ours }}
{{- if eq .name $given }}
{{- fail (printf "extraEnv has %s, which the chart sets by credentials. Leave it out, or leave the value of credentials empty." $given) }}
{{- end }}
{{- end }}
{{- end }}
{{- include "caster-scene-audio-operator.unique" (list "extraVolumes" .Values.extraVolumes "name") }}
{{- include "caster-scene-audio-operator.unique" (list "extraVolumeMounts" .Values.extraVolumeMounts "mountPath") }}
{{- include "caster-scene-audio-operator.unique" (list "hostAliases" .Values.hostAliases "ip") }}
{{- $containers := concat (list (dict "name" "operator")) .Values.extraContainers .Values.initContainers }}
{{- include "caster-scene-audio-operator.unique" (list "extraContainers and initContainers, with the operator's," $containers "name") }}
{{- range .Values.extraArgs }}
{{- if and $.Values.admissionPolicies.ownCredentials (hasPrefix "--own-credentials" .) }}
{{- fail "extraArgs has --own-credentials, of which admissionPolicies.ownCredentials would know nothing. Write settings.ownCredentials instead." }}
{{- end }}
{{- end }}
{{- if and .Values.watchNamespaces .Values.rbac.create .Values.rbac.secrets.namespaces }}
{{- range .Values.rbac.secrets.namespaces }}
{{- if not (has . $.Values.watchNamespaces) }}
{{- fail (printf "rbac.secrets.namespaces names %s, which is not in watchNamespaces." .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
