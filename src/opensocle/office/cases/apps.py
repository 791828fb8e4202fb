from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "opensocle.office.cases"
    label = "cases"
