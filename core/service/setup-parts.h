/* SPDX-License-Identifier: MIT */
/* What the files of setting up share. */
#ifndef DARA_SERVICE_SETUP_PARTS_H
#define DARA_SERVICE_SETUP_PARTS_H

#include "service/setup.h"

struct dara_setup {
    struct dara_context *context;
    const struct dara_setup_request *request;
    struct dara_report *report;
    const struct dara_driver *driver;
    char *type; /* as asked for, or the scheme of --url, or NULL */
    struct dara_setup_files files;
    const char *variable; /* that holds the connection in the environment dara.yaml names first */
    char *value;          /* what .env is to get, or NULL */
    bool created;         /* the database was made by this run */
    struct dara_model *model;
    struct dara_history_list *history;
    bool snapshot_there;
};

/* The schema that was found becomes the baseline, and the versions of another tool's history are taken over where that is asked
 * for; nothing is done where all of it is there. Takes the lock. */
int dara_setup_settle(struct dara_setup *setup);

#endif
