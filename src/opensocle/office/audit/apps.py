from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "opensocle.office.audit"
    label = "audit"
