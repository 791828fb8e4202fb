from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "opensocle.office.counter"
    label = "counter"
