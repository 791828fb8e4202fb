from django.apps import AppConfig


class LawsConfig(AppConfig):
    name = "opensocle.office.laws"
    label = "laws"
