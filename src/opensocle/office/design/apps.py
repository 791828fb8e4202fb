from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "opensocle.office.design"
    label = "design"
