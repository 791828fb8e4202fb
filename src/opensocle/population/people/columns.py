"""The tables that are made and their columns, in the words of the vocabulary."""

from __future__ import annotations

from .storing import BOOLEAN, DATE, DECIMAL, INTEGER, KEY, MONEY, Column, code

COUNTRY = "XE"
ABROAD = ("XE", "XA", "XB", "XC")  # Exemplia and its neighbours: codes that ISO 3166-1 leaves to users

SEX = code("male", "female")
REGION = code("north", "south", "east", "west")
DISTRICT = code(*(f"d{number:02d}" for number in range(1, 13)))
URBAN = code("urban", "rural")
COUNTRIES = code(*ABROAD)
MIGRATION = code("national", "migrant_worker", "irregular", "refugee", "internally_displaced", "returnee", "dependant")
RESIDENCE = code("usual_resident", "temporary", "abroad")
RELATIONSHIP = code("head", "spouse", "child", "parent", "grandchild", "other_relative")
MARITAL = code("never_married", "married", "consensual_union", "separated", "divorced", "widowed")
EDUCATION = code("less_than_primary", "primary", "lower_secondary", "upper_secondary", "post_secondary", "bachelor", "master")
LABOUR = code("employed", "unemployed", "inactive")
STATUS = code(
    "permanent_employee",
    "fixed_term_employee",
    "casual_employee",
    "apprentice",
    "own_account_worker",
    "dependent_contractor",
    "contributing_family_worker",
    "employer_in_household_enterprise",
    "employer_in_corporation",
    "owner_operator",
)
ACTIVITY = code("A", "C", "F", "G", "H", "I", "K", "N", "O", "P", "Q", "S", "T")
OCCUPATION = code(
    "managers", "professionals", "technicians", "clerical", "service_and_sales", "skilled_agricultural", "craft", "machine_operators", "elementary"
)
CONTRACT = code("permanent", "fixed_term", "casual", "none")
COVERAGE = code("social_insurance", "national_service", "mutual", "assistance", "private", "uncovered")
DIFFICULTY = code("no_difficulty", "some_difficulty", "a_lot_of_difficulty", "cannot_do")
CARE = code("no_need", "mild", "moderate", "severe")
DOMAINS = ("seeing", "hearing", "walking", "cognition", "self_care", "communication")
PLACE = code("own_community", "host_community", "host_family", "camp", "collective_centre", "informal_settlement")
DWELLING = code("house", "apartment", "room", "hut", "improvised")
TENURE = code("owner", "tenant", "free", "squatter")
ROOF = code("natural", "rudimentary", "metal", "tiles", "concrete")
WALLS = code("natural", "rudimentary", "mud_bricks", "bricks", "concrete")
FLOOR = code("natural", "rudimentary", "cement", "finished")
WATER = code("surface_water", "unimproved", "limited", "basic", "safely_managed")
TOILET = code("open_defecation", "unimproved", "limited", "basic", "safely_managed")
FUEL = code("residues", "wood", "charcoal", "kerosene", "gas", "electricity")
CREDIT = code("maternity", "sickness", "unemployment")
EVENT = code(
    "birth",
    "sickness",
    "health_care_use",
    "unemployment",
    "employment_injury",
    "death",
    "death_of_breadwinner",
    "work_offer",
    "crop_or_livestock_loss",
    "repatriation",
    "need_of_loan",
)
INCAPACITY = code("temporary", "permanent")
SERVICE = code("general_care", "specialist_care", "pharmaceuticals", "hospital_care", "maternity_care", "dental_care", "preventive_care")
PROVIDER = code("community", "primary", "secondary", "tertiary")
SCHEME = code("old_age_pension", "civil_service_pension", "social_pension")

PERSONS: dict[str, Column] = {
    "person_id": KEY,
    "household_id": KEY,
    "birth_date": DATE,
    "death_date": DATE,
    "sex": SEX,
    "nationality": COUNTRIES,
    "country_of_birth": COUNTRIES,
    "migration_status": MIGRATION,
    "residence_status": RESIDENCE,
    "residence_since": DATE,
    "has_identity_document": BOOLEAN,
    "birth_registered": BOOLEAN,
    "region": REGION,
    "district": DISTRICT,
    "urban": URBAN,
    "relationship_to_head": RELATIONSHIP,
    "marital_status": MARITAL,
    "marriage_date": DATE,
    "spouse_id": KEY,
    "mother_id": KEY,
    "father_id": KEY,
    "breadwinner_id": KEY,
    "mother_alive": BOOLEAN,
    "father_alive": BOOLEAN,
    "dependent_children": INTEGER,
    "pregnant": BOOLEAN,
    "expected_birth_date": DATE,
    "in_education": BOOLEAN,
    "education_level": EDUCATION,
    "labour_status": LABOUR,
    "status_in_employment": STATUS,
    "economic_activity": ACTIVITY,
    "occupation": OCCUPATION,
    "public_sector": BOOLEAN,
    "informal": BOOLEAN,
    "employer_id": KEY,
    "employer_size": INTEGER,
    "contract_type": CONTRACT,
    "contract_months": INTEGER,
    "employed_since": DATE,
    "hours_worked": DECIMAL,
    "hazardous_work": BOOLEAN,
    "seeking_work": BOOLEAN,
    "job_seeker_registered": BOOLEAN,
    "unemployed_since": DATE,
    "earnings": MONEY,
    "other_income": MONEY,
    "pension_income": MONEY,
    "public_pension": BOOLEAN,
    "pension_reference_earnings": MONEY,
    "has_account": BOOLEAN,
    "insured": BOOLEAN,
    "insured_since": DATE,
    "insured_months_before": INTEGER,
    "declared_income": MONEY,
    "member_of_mutual": BOOLEAN,
    "member_of_mutual_since": DATE,
    "member_of_welfare_fund": BOOLEAN,
    "health_coverage": COVERAGE,
    "migrant_abroad": BOOLEAN,
    "host_country": COUNTRIES,
    "war_veteran": BOOLEAN,
    **dict.fromkeys(DOMAINS, DIFFICULTY),
    "disability_degree": INTEGER,
    "disability_since": DATE,
    "chronically_ill": BOOLEAN,
    "care_needs": CARE,
}

HOUSEHOLDS: dict[str, Column] = {
    "household_id": KEY,
    "region": REGION,
    "district": DISTRICT,
    "urban": URBAN,
    "place_type": PLACE,
    "displaced_since": DATE,
    "dwelling": DWELLING,
    "tenure": TENURE,
    "rent": MONEY,
    "rooms": INTEGER,
    "floor_area": DECIMAL,
    "roof": ROOF,
    "walls": WALLS,
    "floor_material": FLOOR,
    "water": WATER,
    "toilet": TOILET,
    "electricity": BOOLEAN,
    "cooking_fuel": FUEL,
    "health_centre_distance": DECIMAL,
    "other_income": MONEY,
    "remittances_received": MONEY,
    "consumption": MONEY,
    "assets": MONEY,
    "has_land": BOOLEAN,
    "land_area": DECIMAL,
    "livestock": INTEGER,
    "has_radio": BOOLEAN,
    "has_television": BOOLEAN,
    "has_refrigerator": BOOLEAN,
    "has_telephone": BOOLEAN,
    "has_computer": BOOLEAN,
    "has_bicycle": BOOLEAN,
    "has_motorcycle": BOOLEAN,
    "has_car": BOOLEAN,
    "food_insecure": BOOLEAN,
    "days_worked_in_year": INTEGER,
    "certified_on": DATE,
    "care_paid_in_year": MONEY,
    "mutual_paid_in_year": MONEY,
}

CONTRIBUTIONS: dict[str, Column] = {
    "person_id": KEY,
    "month": DATE,
    "earnings": MONEY,
    "paid": BOOLEAN,
    "credited": BOOLEAN,
    "credit_reason": CREDIT,
    "employer_id": KEY,
    "country": COUNTRIES,
}
SPELLS: dict[str, Column] = {"person_id": KEY, "start_date": DATE, "end_date": DATE, "country": COUNTRIES}
EMPLOYMENT: dict[str, Column] = {
    **SPELLS,
    "status_in_employment": STATUS,
    "employer_id": KEY,
    "contract_type": CONTRACT,
    "economic_activity": ACTIVITY,
    "public_sector": BOOLEAN,
    "hazardous": BOOLEAN,
}
EVENTS: dict[str, Column] = {
    "person_id": KEY,
    "contingency": EVENT,
    "event_date": DATE,
    "claim_date": DATE,
    "involuntary": BOOLEAN,
    "job_seeker_registered": BOOLEAN,
    "certified_days": INTEGER,
    "incapacity": INCAPACITY,
    "incapacity_degree": INTEGER,
    "constant_attendance": BOOLEAN,
    "health_service": SERVICE,
    "provider_level": PROVIDER,
    "provider_contracted": BOOLEAN,
    "referred": BOOLEAN,
    "cost_of_care": MONEY,
    "care_days": INTEGER,
    "children_born": INTEGER,
    "complications": BOOLEAN,
    "child_id": KEY,
    "deceased_id": KEY,
    "funeral_cost": MONEY,
    "days_offered": INTEGER,
    "days_worked": INTEGER,
    "loss": MONEY,
    "previous_earnings": MONEY,
    "country": COUNTRIES,
}

LAYOUTS: dict[str, dict[str, Column]] = {
    "persons": PERSONS,
    "households": HOUSEHOLDS,
    "contributions": CONTRIBUTIONS,
    "residence": {**SPELLS, "status": RESIDENCE},
    "employment": EMPLOYMENT,
    "benefits_in_payment": {**SPELLS, "scheme": SCHEME, "amount": MONEY},
    "events": EVENTS,
}
