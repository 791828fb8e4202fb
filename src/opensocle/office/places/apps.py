from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "opensocle.office.places"
    label = "places"
