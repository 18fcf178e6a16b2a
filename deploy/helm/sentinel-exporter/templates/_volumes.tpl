{{- define "sentinel-exporter.volumes" -}}
{{- include "sentinel-exporter.redisVolume" . }}
{{- if .Values.config }}
- name: config
  configMap:
    name: {{ include "sentinel-exporter.fullname" . }}
{{- end }}
{{- if .Values.secrets }}
- name: secrets
  secret:
    secretName: {{ include "sentinel-exporter.fullname" . }}
    defaultMode: 0440
{{- end }}
{{- range .Values.existingSecrets }}
- name: secret-{{ . | replace "." "-" | trunc 55 | trimSuffix "-" }}
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- if .Values.web.existingSecret }}
- name: web
  secret:
    secretName: {{ .Values.web.existingSecret }}
    defaultMode: 0440
{{- end }}
{{- if .Values.state.enabled }}
- name: state
  {{- if .Values.state.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ .Values.state.persistence.existingClaim | default (include "sentinel-exporter.fullname" .) }}
  {{- else }}
  emptyDir:
    sizeLimit: 16Mi
  {{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "sentinel-exporter.mounts" -}}
{{- if include "sentinel-exporter.redisVolume" . | trim }}
- name: redis
  mountPath: {{ include "sentinel-exporter.redisFolder" . }}
  readOnly: true
{{- end }}
{{- if .Values.config }}
- name: config
  mountPath: /etc/sentinel-exporter/config
  readOnly: true
{{- end }}
{{- if .Values.secrets }}
- name: secrets
  mountPath: /etc/sentinel-exporter/secrets
  readOnly: true
{{- end }}
{{- range .Values.existingSecrets }}
- name: secret-{{ . | replace "." "-" | trunc 55 | trimSuffix "-" }}
  mountPath: /etc/sentinel-exporter/{{ . }}
  readOnly: true
{{- end }}
{{- if .Values.web.existingSecret }}
- name: web
  mountPath: /etc/sentinel-exporter/web
  readOnly: true
{{- end }}
{{- if .Values.state.enabled }}
- name: state
  mountPath: /var/lib/sentinel-exporter
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
