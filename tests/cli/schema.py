#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold a JSON document of dara against docs/schemas/NAME.schema.json: schema.py FOLDER NAME DOCUMENT"""
import json
import pathlib
import sys

import jsonschema

folder, name, document = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
schemas = {}
for path in folder.glob("*.schema.json"):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    schemas[schema["$id"]] = schema
wanted = json.loads((folder / f"{name}.schema.json").read_text())
try:
    import referencing
    import referencing.jsonschema

    resources = [(key, referencing.jsonschema.DRAFT202012.create_resource(value)) for key, value in schemas.items()]
    validator = jsonschema.Draft202012Validator(wanted, registry=referencing.Registry().with_resources(resources))
except ImportError:  # before jsonschema 4.18
    validator = jsonschema.Draft202012Validator(
        wanted, resolver=jsonschema.RefResolver(wanted["$id"], wanted, store=schemas)
    )
errors = list(validator.iter_errors(json.loads(document.read_text())))
for error in errors:
    print(f"{document}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
sys.exit(1 if errors else 0)
