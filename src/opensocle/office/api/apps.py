from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "opensocle.office.api"
    label = "api"
