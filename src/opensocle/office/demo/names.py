"""Names for people who are invented: given names by sex, and surnames, of several parts of the world. Nobody real is meant."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from ..people.naming import sound, words

_FEMALE = """
Awa Ama Adjoa Afi Aïssatou Amina Aminata Ana Bintou Camille Chloé Djeneba Efua Elena Esi Fatima Fatoumata Fernanda Grace Hawa Hélène Inès Isabel Ivana
Jeanne Joana Kadiatou Khadija Lakshmi Laila Leila Lien Linh Lucía Lucie Maimouna Mai Malika María Mariam Mercy Mei Nadia Nafissatou Naledi Ngozi Nomsa
Nour Olga Patience Priya Rahel Rania Rokia Rosa Ruth Safia Salimata Samira Sara Selam Sira Sofía Suda Tereza Thandi Wanjiru Yasmine Yewande Zainab
Zeinab Zola Agnès Beatriz Célestine Dalia Eugénie Florence Gabriela Halima
"""
_MALE = """
Abdou Abebe Ahmed Alassane Ali Amadou Amir Antoine Arjun Bakary Bilal Carlos Chidi Cheikh Daniel David Diego Djibril Eduardo Emmanuel Étienne Fabrice
Farid Félix Fodé Gabriel Hamid Hassan Ibrahim Idrissa Issa Jean João José Joseph Juma Karim Kofi Kossi Kwame Lamine Louis Luis Mamadou Manuel Mateus
Minh Mohamed Moussa Nelson Nikhil Omar Ousmane Paul Pedro Peter Rachid Rafael Ravi Rui Samuel Seydou Sékou Sipho Somchai Souleymane Tariq Tendai Thabo
Tidiane Tomás Victor Vikram Wei Yao Yaw Youssef Yusuf Zakaria André Bruno
"""
_ROOTS = """
Dial Kon Tra Cou Men Sis Ke Ba So Ndi Ouat Sano Zong Kab Ye Lou Fof Tou Sar Ga Mba Ad Ow Nya Ji Osei Kwa Bon Far Mar Val Ser Tan Per San Rod Al Ben
"""
_ENDS = "lo ondé oré libaly sah soko tta rray yé mané tara go reni naba mbara na ré er ouko wusu ti ndo reira vez mento dine rossi lami guez chi"
FEMALE, MALE = tuple(_FEMALE.split()), tuple(_MALE.split())
SURNAMES = tuple(root + end for root in _ROOTS.split() for end in _ENDS.split())

Named = tuple[str, str, str]


def name_people(people: Sequence[tuple[int, str, str]], seed: int) -> list[Named]:
    """Given name, second name (often none) and surname of each of these people: (household, sex, relationship to its head), in their order.

    Heads, children and grandchildren of a household share its surname; a spouse and others have one of their own. No two names of a household sound
    the same. The same seed gives the same names.
    """
    draw = random.Random(f"names {seed}")
    family: dict[int, tuple[str, set[str]]] = {}
    found: list[Named] = []
    for household, sex, relationship in people:
        shared, called = family.setdefault(household, (draw.choice(SURNAMES), set()))
        own = draw.choice(SURNAMES)
        given, second = draw.sample([name for name in (FEMALE if sex == "female" else MALE) if _sound(name) not in called], 2)
        has_second = draw.random() < 0.35
        surname = shared if relationship in ("head", "child", "grandchild", "sibling") else own
        called |= {_sound(given), _sound(second)}
        found.append((given, second if has_second else "", surname))
    return found


@cache
def _sound(name: str) -> str:
    return sound(words(name)[0])
