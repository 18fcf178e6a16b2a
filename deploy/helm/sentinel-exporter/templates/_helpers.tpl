{{- define "sentinel-exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "sentinel-exporter.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sentinel-exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sentinel-exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sentinel-exporter.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "sentinel-exporter.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/component: metrics
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "sentinel-exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "sentinel-exporter.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "sentinel-exporter.image" -}}
{{- with .Values.image }}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* The release whose Redis is watched, if one is named. */}}
{{- define "sentinel-exporter.redisRelease" -}}
{{- .Values.nautobot.release | default .Values.bitnamiRedis.release }}
{{- end }}

{{/* As Bitnami's chart, a subchart of Nautobot's too, names what it creates. */}}
{{- define "sentinel-exporter.redisFullname" -}}
{{- $release := include "sentinel-exporter.redisRelease" . }}
{{- if .Values.bitnamiRedis.fullname }}
{{- .Values.bitnamiRedis.fullname }}
{{- else if contains "redis" $release }}
{{- $release | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-redis" $release | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "sentinel-exporter.redisNamespace" -}}
{{- .Values.bitnamiRedis.namespace | default .Release.Namespace }}
{{- end }}

{{/* Host of the sentinel in pod .index. */}}
{{- define "sentinel-exporter.redisNode" -}}
{{- $name := include "sentinel-exporter.redisFullname" .root }}
{{- printf "%s-node-%d.%s-headless.%s.svc.%s" $name (int .index) $name (include "sentinel-exporter.redisNamespace" .root) .root.Values.bitnamiRedis.clusterDomain }}
{{- end }}

{{- define "sentinel-exporter.passwordSecret" -}}
{{- .Values.bitnamiRedis.auth.existingSecret | default (include "sentinel-exporter.redisFullname" .) }}
{{- end }}

{{- define "sentinel-exporter.tlsSecret" -}}
{{- .Values.bitnamiRedis.tls.existingSecret | default (printf "%s-crt" (include "sentinel-exporter.redisFullname" .)) }}
{{- end }}

{{- define "sentinel-exporter.redisFolder" -}}
/etc/sentinel-exporter/redis
{{- end }}

{{/* Environment that makes a release of Nautobot or of Redis the whole
     configuration. */}}
{{- define "sentinel-exporter.redisEnv" -}}
{{- $redis := .Values.bitnamiRedis }}
{{- $addresses := list }}
{{- range $i := until (int $redis.nodes) }}
{{- $host := include "sentinel-exporter.redisNode" (dict "root" $ "index" $i) }}
{{- if $.Values.nautobot.release }}
- name: NAUTOBOT_REDIS_SENTINEL_{{ add1 $i }}
  value: {{ $host }}{{ if ne (int $redis.sentinelPort) 26379 }}:{{ $redis.sentinelPort }}{{ end }}
{{- else }}
{{- $addresses = append $addresses (printf "%s:%d" $host (int $redis.sentinelPort)) }}
{{- end }}
{{- end }}
{{- if .Values.nautobot.release }}
- name: NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX
  value: {{ .Values.nautobot.brokerDb | quote }}
{{- if $redis.masterSet }}
- name: SENTINEL_EXPORTER_SENTINEL_MASTER_NAME
  value: {{ $redis.masterSet | quote }}
{{- end }}
{{- else }}
- name: SENTINEL_EXPORTER_SENTINEL_ADDR
  value: {{ join "," $addresses | quote }}
- name: SENTINEL_EXPORTER_SENTINEL_MASTER_NAME
  value: {{ $redis.masterSet | default "mymaster" | quote }}
{{- end }}
{{- $folder := include "sentinel-exporter.redisFolder" . }}
{{- if $redis.auth.enabled }}
- name: SENTINEL_EXPORTER_REDIS_PASSWORD_FILE
  value: {{ $folder }}/password
{{- if $redis.auth.sentinel }}
- name: SENTINEL_EXPORTER_SENTINEL_PASSWORD_FILE
  value: {{ $folder }}/password
{{- end }}
{{- end }}
{{- if $redis.tls.enabled }}
{{- range $side := list "SENTINEL" "REDIS" }}
- name: SENTINEL_EXPORTER_{{ $side }}_TLS
  value: "true"
- name: SENTINEL_EXPORTER_{{ $side }}_TLS_CA_FILE
  value: {{ $folder }}/ca.crt
{{- if $redis.tls.authClients }}
- name: SENTINEL_EXPORTER_{{ $side }}_TLS_CERT_FILE
  value: {{ $folder }}/tls.crt
- name: SENTINEL_EXPORTER_{{ $side }}_TLS_KEY_FILE
  value: {{ $folder }}/tls.key
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Password and certificates of Redis in one folder. */}}
{{- define "sentinel-exporter.redisVolume" -}}
{{- $redis := .Values.bitnamiRedis }}
{{- if and (include "sentinel-exporter.redisRelease" .) (or $redis.auth.enabled $redis.tls.enabled) }}
- name: redis
  projected:
    defaultMode: 0440
    sources:
      {{- if $redis.auth.enabled }}
      - secret:
          name: {{ include "sentinel-exporter.passwordSecret" . }}
          items:
            - key: {{ $redis.auth.existingSecretPasswordKey }}
              path: password
      {{- end }}
      {{- if $redis.tls.enabled }}
      - secret:
          name: {{ include "sentinel-exporter.tlsSecret" . }}
          items:
            - key: {{ $redis.tls.certCAFilename }}
              path: ca.crt
            {{- if $redis.tls.authClients }}
            - key: {{ $redis.tls.certFilename }}
              path: tls.crt
            - key: {{ $redis.tls.certKeyFilename }}
              path: tls.key
            {{- end }}
      {{- end }}
{{- end }}
{{- end }}

{{/* Mistakes that would only show in a pod that does not start. */}}
{{- define "sentinel-exporter.check" -}}
{{- if and .Values.nautobot.release .Values.bitnamiRedis.release }}
{{- fail "set nautobot.release or bitnamiRedis.release, not both" }}
{{- end }}
{{- if and (include "sentinel-exporter.redisRelease" .) .Values.config }}
{{- fail "config describes what is watched, so leave nautobot.release and bitnamiRedis.release empty; or pass single settings in flags" }}
{{- end }}
{{- if and .Values.nautobot.fromEnv .Values.nautobot.release }}
{{- fail "nautobot.release sets the variables; leave nautobot.fromEnv false" }}
{{- end }}
{{- if and .Values.state.persistence.enabled (gt (int .Values.replicaCount) 1) }}
{{- fail "two exporters cannot share a state file: set replicaCount to 1 or state.persistence.enabled to false" }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled }}
{{- fail "set serviceMonitor.enabled or podMonitor.enabled; with both every figure is scraped twice" }}
{{- end }}
{{- end }}

{{/* A monitor's scrape settings. */}}
{{- define "sentinel-exporter.endpoint" -}}
port: http
path: {{ .root.Values.web.telemetryPath }}
{{- if .root.Values.web.tls }}
scheme: https
{{- end }}
interval: {{ .monitor.interval }}
scrapeTimeout: {{ .monitor.scrapeTimeout }}
honorLabels: {{ .monitor.honorLabels }}
{{- range $key := list "tlsConfig" "basicAuth" "relabelings" "metricRelabelings" }}
{{- with get $.monitor $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
