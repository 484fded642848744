{{/*
One map of what the chart sets and of what the values add. Called with a dict: own, and given, a list of
pairs of a value's name and its map, of which a later one wins. What the chart sets can't be changed.
*/}}
{{- define "caster-scene-audio-operator.merged" -}}
{{- $own := .own }}
{{- $made := deepCopy $own }}
{{- range $pair := .given }}
{{- range $key, $value := last $pair }}
{{- if and (hasKey $own $key) (ne (get $own $key | toString) (toString $value)) }}
{{- fail (printf "%s sets %s to %q, which the chart sets to %q itself. Leave it out." (first $pair) $key $value (get $own $key)) }}
{{- end }}
{{- $_ := set $made $key $value }}
{{- end }}
{{- end }}
{{- toYaml $made }}
{{- end }}

{{/*
The labels below are called with a list: the root, the component and, for labels, further pairs of a
value's name and its map. As YAML is made of maps, whatever looks like a number is quoted.
*/}}
{{- define "caster-scene-audio-operator.selectorLabels" -}}
{{- $root := first . }}
{{- dict
  "app.kubernetes.io/name" (include "caster-scene-audio-operator.name" $root)
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/component" (last .)
| toYaml }}
{{- end }}

{{- define "caster-scene-audio-operator.labels" -}}
{{- $root := first . }}
{{- $own := include "caster-scene-audio-operator.selectorLabels" (slice . 0 2) | fromYaml }}
{{- $_ := set $own "app.kubernetes.io/part-of" $root.Chart.Name }}
{{- $_ := set $own "app.kubernetes.io/version" $root.Chart.AppVersion }}
{{- $_ := set $own "app.kubernetes.io/managed-by" $root.Release.Service }}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") }}
{{- $given := concat (list (list "commonLabels" $root.Values.commonLabels)) (slice . 2) }}
{{- include "caster-scene-audio-operator.merged" (dict "own" $own "given" $given) }}
{{- end }}

{{/* Without the chart's version, so that a new chart alone replaces no pod. */}}
{{- define "caster-scene-audio-operator.podLabels" -}}
{{- $root := first . }}
{{- $own := include "caster-scene-audio-operator.selectorLabels" (slice . 0 2) | fromYaml }}
{{- $_ := set $own "app.kubernetes.io/part-of" $root.Chart.Name }}
{{- if and (eq (index . 1) "operator") $root.Values.credentials.rrsa.roleName }}
{{- $_ := set $own "pod-identity.alibabacloud.com/injection" "on" }}
{{- end }}
{{- $given := concat (list (list "commonLabels" $root.Values.commonLabels)) (slice . 2) }}
{{- include "caster-scene-audio-operator.merged" (dict "own" $own "given" $given) }}
{{- end }}

{{/* Fails where two items of a list have one name: called with a list of the value's name, the list and the key. */}}
{{- define "caster-scene-audio-operator.unique" -}}
{{- $value := index . 0 }}
{{- $key := index . 2 }}
{{- $names := dict }}
{{- range index . 1 }}
{{- $name := get . $key | toString }}
{{- if hasKey $names $name }}
{{- fail (printf "%s has two items with the %s %s: the API server takes one. Keep one of them." $value $key $name) }}
{{- end }}
{{- $_ := set $names $name true }}
{{- end }}
{{- end }}
