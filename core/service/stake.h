/* SPDX-License-Identifier: MIT */
/* Whose rows the statements of a file may destroy. */
#ifndef DARA_SERVICE_STAKE_H
#define DARA_SERVICE_STAKE_H

#include "driver/session.h"

struct dara_staked {
    const struct dara_object *object; /* of the live model; its kind holds rows */
    const char *message;              /* what the first statement does to it; borrowed from the facts, or static */
    bool schema;                      /* a statement of the schema does it: it may still be there afterwards */
};

/* The object with rows that a statement names, where it stands under that name in the model; or NULL. */
const struct dara_object *dara_stake_find(const struct dara_model *live, const struct dara_fact_object *named);

/* Begin with zeros. */
struct dara_stake {
    size_t count, room;
    struct dara_staked *items;
    size_t name_count, name_room;
    struct dara_stake_name *names; /* what was renamed on the way */
};

/* Look at one statement; statements come in the order they run. `live` and the facts outlive the stake. What destroys by its
 * nature is at stake, and with `data` every change of rows. The rows of a table go for those of what its triggers write. */
void dara_stake_add(struct dara_stake *stake, const struct dara_model *live, const struct dara_statement_facts *facts,
                    bool data);
void dara_stake_done(struct dara_stake *stake);
#define DARA_STAKE_LOCAL DARA_CLEANUP(dara_stake_done) struct dara_stake

#endif
