/* SPDX-License-Identifier: MIT */
/* Rules about statements, on top of what classify*.c tells: the files lint*.c. Their rows are in lint-rules.h. */
#ifndef DARA_POSTGRES_LINT_H
#define DARA_POSTGRES_LINT_H

#include "classify.h"

/* lint-block.c: ways that stop others, where there is one that does not. */
void postgres_lint_blocks(const struct postgres_statement *statement);
/* lint-type.c: what columns and types are made of. */
void postgres_lint_types(const struct postgres_statement *statement);
/* lint-name.c: names that are cut, named twice, or without a schema; `text` has `length` bytes. */
void postgres_lint_names(const struct postgres_statement *statement, const char *text, size_t length);

#endif
