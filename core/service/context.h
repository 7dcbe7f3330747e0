/* SPDX-License-Identifier: MIT */
/*
 * What a service needs to know of the call: project, environment, connection, time limits, and how to ask the user.
 */
#ifndef DARA_SERVICE_CONTEXT_H
#define DARA_SERVICE_CONTEXT_H

#include <stdbool.h>

#include "base/url.h"
#include "driver/session.h"
#include "service/project.h"

struct dara_context {
    /* from the command line; borrowed */
    const char *folder;      /* -C, or NULL */
    const char *environment; /* -e, or NULL */
    const char *url_text;    /* --url, or NULL */
    const char *const
        *confirms; /* --confirm WORD, as often as given: a production name and a word may both be needed */
    size_t confirm_count;
    bool yes; /* -y */
    bool quiet;
    int verbose;
    unsigned lock_timeout_ms;      /* default 10 s */
    unsigned lock_step_ms;         /* how long a statement waits at once, where the run tries again; 0 = all of it */
    unsigned statement_timeout_ms; /* default 0 = none */
    unsigned scope;                /* enum dara_scope: --owner, --privileges, --settings */
    const char *const *renames;    /* --rename OLD=NEW, as often as given */
    size_t rename_count;
    const char *command; /* name of the command, for locks, history and application name */
    bool direct;         /* it runs migrations: the driver's way past poolers is asked for first */
    /* resolved on demand, owned */
    struct dara_project *project;
    struct dara_url *url;
    const struct dara_environment *active; /* the environment in use, or NULL */
    const char **spaces;                   /* the only namespaces that are read, NULL-ended; NULL = all. Owned */
    bool guarded;                          /* the production guard was passed: it asks once in a call */
};

/* Find and read the project (-C or the folder we are in, or a parent). DARA_ECONFIG with "run dara setup-database". */
int dara_context_project(struct dara_context *context);
/* Resolve the connection: --url, else --env's variable, else the driver's own variable, else DATABASE_URL; the process first,
 * then the project's .env. DARA_ECONFIG names the variables looked for. Works without a project when --url is given. */
int dara_context_url(struct dara_context *context);
/* The driver of the URL, or where there is no URL that of the project's engine. */
int dara_context_driver(struct dara_context *context, const struct dara_driver **ret_driver);
/* Open a session on the resolved URL. */
int dara_context_open(struct dara_context *context, enum dara_mode mode, struct dara_session **ret_session);
/* Read these namespaces only, in every session that is opened from now on: NULL-ended, copied. DARA_EUNSUPPORTED where the engine has
 * no namespaces. */
int dara_context_limit(struct dara_context *context, const char *const *spaces);
void dara_context_done(struct dara_context *context);

/* Environment marked production: its name must be typed (or given by --confirm) before anything is written. DARA_EREFUSED. */
int dara_context_guard(struct dara_context *context);
/* A yes/no question: -y says yes, no terminal says DARA_EREFUSED with the hint to pass -y. */
int dara_context_ask(struct dara_context *context, const char *question);
/* What -y never agrees to: `word` must be typed, or given by --confirm WORD. DARA_EREFUSED. `deed` says what is at stake ("this
 * deletes rows"); `what` is shown before. */
int dara_context_ask_word(struct dara_context *context, const char *word, const char *deed, const char *what);
/* A line of progress on stderr, only at a terminal or with -v, never with -q. */
void dara_context_say(const struct dara_context *context, const char *format, ...) DARA_PRINTF(2, 3);
/* The same, also where nobody looks: what makes a command take long is worth a line in any log. Never with -q. */
void dara_context_tell(const struct dara_context *context, const char *format, ...) DARA_PRINTF(2, 3);
/* "user@host pid 4711, dara apply-migration, since …". free(). */
char *dara_context_owner(const struct dara_context *context);

#endif
