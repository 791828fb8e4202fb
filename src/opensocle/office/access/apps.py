from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "opensocle.office.access"
    label = "access"
