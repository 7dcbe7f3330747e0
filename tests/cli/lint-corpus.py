# SPDX-License-Identifier: MIT
# How far lint agrees with the cases of another linter (DARA_TEST_CORPORA/lint/squawk.jsonl): a rule of ours counts as theirs when its peers
# name it; one that is off by default is turned on for its own cases, as that linter's tests do. Prints each disagreement, and the sums.
# Usage: lint-corpus.py DARA FILE
import json, os, re, subprocess, sys, tempfile

dara, corpus = sys.argv[1:3]
# Cases whose rule the corpus does not name: the first of each row of them, and what the row is about.
UNNAMED = {
    "drop_index_if_exists_ok": "prefer-robust-stmts",
    "fix_add_concurrently_simple": "require-concurrent-index-deletion",
    "fixes_preserve_cr_line_endings": "require-timeout-settings",
}


def lint(*arguments, folder="."):
    result = subprocess.run([dara, *arguments, "-f", "json"], cwd=folder, capture_output=True, text=True)
    return json.loads(result.stdout)


rules = lint("security-audit", "rules")["known_rules"]
level = {rule["id"]: rule["level"] for rule in rules}
ours = {}
for rule in rules:
    for peer in (rule["peers"] or "").split(", "):
        if peer.startswith("squawk "):
            ours.setdefault(peer[len("squawk ") :], set()).add(rule["id"])


def found(case, ids, folder):
    off = sorted(name for name in ids if level[name] == "off")
    with open(os.path.join(folder, "dara.yaml"), "w") as file:
        file.write("engine: postgres\n" + ("rules:\n" if off else "") + "".join(f"  {name}: info\n" for name in off))
    with open(os.path.join(folder, "f.sql"), "w", newline="") as file:
        file.write(case["sql"])
    return {finding["rule"] for finding in lint("lint", "f.sql", folder=folder)["findings"]} & ids


agreed = differ = untold = 0
theirs = None
with tempfile.TemporaryDirectory() as folder:
    for line in open(corpus):
        case = json.loads(line)
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", case["rule"]).lower() if case["rule"] else UNNAMED.get(case["test"], theirs)
        theirs = name
        ids = ours.get(name, set())
        # dara runs a file in one transaction, which is what this one assumes: then nothing has to be repeatable.
        if name == "prefer-robust-stmts" and case["assume_in_transaction"]:
            ids = set()
        if case["expect"] not in ("ok", "errors"):
            untold += 1
        elif bool(found(case, ids, folder)) == (case["expect"] == "errors"):
            agreed += 1
        else:
            differ += 1
            print(name, case["test"], "expected", case["expect"])
print(f"{agreed} agree, {differ} differ, {untold} do not say")
