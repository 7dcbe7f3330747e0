# The matrix as policies/*.txt has it.
def cell: if .access == "denied" then "-" elif .access == "untried" then "?" elif .access == "error" then "!\(.code)"
    elif .access == "all" then "=" else "\(.allowed // 0)\(if .at_least then "+" else "" end)/\(.rows)" end;
[.access[] | . + {who: (.actor | sub("@.*"; "")), name: (if .schema == "public" then .table else "\(.schema).\(.table)" end)}]
    | group_by([.schema, .table, .actor]) | map({name: .[0].name, schema: .[0].schema, who: .[0].who, cells: (sort_by({select: 0, insert: 1, update: 2, delete: 3}[.command]) | map(cell) | join(" "))})
    | .[] | "\(.name) \(.who) \(.cells)"
