from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "opensocle.office.people"
    label = "people"
