#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold a JSON document of dara against docs/schemas/NAME.schema.json: schema.py FOLDER (NAME DOCUMENT)…

The schemas let names be added, for those who read documents of a later dara. Here a name that no schema describes is an error,
and so is one that is not lower_snake_case."""
import json
import pathlib
import re
import sys

import jsonschema

folder = pathlib.Path(sys.argv[1])
schemas = {}
for path in folder.glob("*.schema.json"):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    schemas[schema["$id"]] = schema


def validator_of(wanted):
    try:
        import referencing
        import referencing.jsonschema

        make = referencing.jsonschema.DRAFT202012.create_resource
        registry = referencing.Registry().with_resources([(key, make(value)) for key, value in schemas.items()])
        return jsonschema.Draft202012Validator(wanted, registry=registry)
    except ImportError:  # before jsonschema 4.18
        resolver = jsonschema.RefResolver(wanted["$id"], wanted, store=schemas)
        return jsonschema.Draft202012Validator(wanted, resolver=resolver)


def resolve(schema, base):
    """The schemas that speak of the same value: the schema, what it refers to, and all its conditions."""
    if not isinstance(schema, dict):
        return
    yield schema, base
    parts = [part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, [])]
    parts += [schema.get(key) for key in ("if", "then", "else")]
    if "$ref" in schema:
        file, _, pointer = schema["$ref"].partition("#")
        there = json.loads((folder / file).read_text()) if file else base
        found = there
        for step in filter(None, pointer.split("/")):
            found = found[step]
        yield from resolve(found, there)
    for part in parts:
        yield from resolve(part, base)


def unknown(value, schemas_of_it, path):
    """Names in `value` that none of its schemas describes."""
    alike = [pair for schema, base in schemas_of_it for pair in resolve(schema, base)]
    if isinstance(value, list):
        items = [(schema["items"], base) for schema, base in alike if "items" in schema]
        for i, item in enumerate(value):
            yield from unknown(item, items, f"{path}/{i}")
    elif isinstance(value, dict):
        free = any(schema.get("additionalProperties") not in (None, False) for schema, _ in alike)
        for name, inner in value.items():
            known = [(schema["properties"][name], base) for schema, base in alike if name in schema.get("properties", {})]
            if not known and not free:
                yield f"{path}/{name}: no schema describes it"
            if not free and not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
                yield f"{path}/{name}: not lower_snake_case"
            yield from unknown(inner, known, f"{path}/{name}")


def check(name, document):
    wanted = json.loads((folder / f"{name}.schema.json").read_text())
    try:
        content = json.loads(pathlib.Path(document).read_text())
    except ValueError as error:
        return [f"not JSON: {error}"]
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator_of(wanted).iter_errors(content)]
    return errors + list(unknown(content, [(wanted, wanted)], ""))


failed = False
for name, document in zip(sys.argv[2::2], sys.argv[3::2]):
    for error in check(name, document):
        print(f"{document}: {error}")
        failed = True
sys.exit(1 if failed else 0)
