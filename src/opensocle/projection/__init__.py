"""How a population and an economy move through time.

Demography: demography.py (step, project), demography_inputs.py (what it starts from), demography_paths.py (stochastic paths), lifetables.py,
un_files.py (the United Nations' files), demography_data.py (data folders of a country, download). Import from these modules: each loads
only what it needs.
"""
