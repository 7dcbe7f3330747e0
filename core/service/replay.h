/* SPDX-License-Identifier: MIT */
/* The schema as it was at some place of a journaled run, made again on a scratch database. */
#ifndef DARA_SERVICE_REPLAY_H
#define DARA_SERVICE_REPLAY_H

#include "service/journal.h"

/* The model before the run, from its entry (which must have been listed with texts). DARA_EINTERNAL where it is not there. */
int dara_replay_model(const struct dara_interrupted *interrupted, struct dara_model **ret_model);

/* A scratch database with the schema before place `place`: the model before the run, and the statements before that place which are
 * done; what only changes rows is left out. Errors of scratch and of the replay. */
int dara_replay_to(struct dara_context *context, const struct dara_interrupted *interrupted, unsigned place,
                   struct dara_session **ret_scratch);
/* Run one more statement there. */
int dara_replay_text(struct dara_session *scratch, const char *text);

/* The model before the first statement of `version`: that before the run where it is its first file, else by replay. `*ret_scope`
 * is what of enum dara_scope it may be compared in: a scratch database has other owners and privileges. */
int dara_replay_before(struct dara_context *context, const struct dara_interrupted *interrupted, const char *version,
                       struct dara_model **ret_model, unsigned *ret_scope);

#endif
