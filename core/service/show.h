/* SPDX-License-Identifier: MIT */
/* Diffs, counts and snapshots in reports: one look for dry-run, apply, rollback, compare-schemas and status --drift. */
#ifndef DARA_SERVICE_SHOW_H
#define DARA_SERVICE_SHOW_H

#include "driver/session.h"
#include "report/report.h"
#include "service/snapshot.h"

/* A "changes" table plus a "diff" block in people's words:
 *   + table orders
 *   ~ table users
 *       + column email text not null
 *       ~ column name: type text -> varchar(40)
 *   ~ view names
 *     definition:
 *       - the lines that are gone
 *       + the lines that came
 *   - index users_old
 * and {"created", "altered", "dropped"} counts. Says "no difference" where there is none, and which families are unknown. */
void dara_show_diff(struct dara_report *report, const char *heading, const struct dara_diff *diff);
/* The families that were left out of the diff; in JSON only. */
void dara_show_unknown(struct dara_report *report, const struct dara_diff *diff);
/* A snapshot taken on the way: its id after `label` (NULL: JSON only); in JSON {"id", "file"}. */
void dara_show_snapshot(struct dara_report *report, const char *json, const char *label,
                        const struct dara_snapshot *snapshot);
/* "12 tables, 3 indexes" of a model, and what is not represented. */
void dara_show_counts(struct dara_report *report, const struct dara_model *model);
void dara_show_unrepresented(struct dara_report *report, const struct dara_model *model);

/* ---- show-scope.c: what nobody asked for ---- */

/* What of a model the scope (enum dara_scope) does not cover: numbers by kind, and under "owner" of objects that have one. New
 * reference. */
json_t *dara_show_left_out(const struct dara_model *model, unsigned scope);
/* What a snapshot's text holds and leaves out. */
void dara_show_snapshot_scope(struct dara_report *report, const struct dara_snapshot *snapshot,
                              const struct dara_model *model);
/* How many objects differ beyond what `diff` covers. */
void dara_show_beyond(struct dara_report *report, const struct dara_diff *diff);

#endif
