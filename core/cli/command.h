/* SPDX-License-Identifier: MIT */
/*
 * One row for each command: the parser, help, man pages, completion, did-you-mean and the self-test all read it.
 */
#ifndef DARA_CLI_COMMAND_H
#define DARA_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"
#include "service/context.h"

enum dara_command_flag {
    DARA_COMMAND_HIDDEN = 1u << 0,
    DARA_COMMAND_WRITES = 1u << 1,     /* the production guard runs first */
    DARA_COMMAND_NO_PROJECT = 1u << 2, /* works without dara.yaml and without a URL: no context is resolved */
    DARA_COMMAND_RAW = 1u << 3,        /* prints by itself (completion, help): no report is rendered */
};

struct dara_option {
    const char *name;     /* "purpose" for --purpose; NULL ends the list */
    char letter;          /* 'p' for -p, or 0 */
    const char *argument; /* "TEXT", or NULL for a switch */
    const char *help;     /* lowercase, no final stop */
    bool repeats;         /* may be given more than once */
    const char *values;   /* "text json markdown": what completion offers and the parser allows, or NULL for any */
};

/* Options of commands that write or compare schemas; they act on the context, see dara_call_parse(). */
#define DARA_OPTION_RENAME(text)                 \
    {                                            \
        "rename", 0, "OLD=NEW", text, true, NULL \
    }
#define DARA_OPTION_OWNER(text)             \
    {                                       \
        "owner", 0, NULL, text, false, NULL \
    }
#define DARA_OPTION_PRIVILEGES(text)             \
    {                                            \
        "privileges", 0, NULL, text, false, NULL \
    }
#define DARA_OPTION_SETTINGS(text)             \
    {                                          \
        "settings", 0, NULL, text, false, NULL \
    }

/* Options of commands that report findings. */
#define DARA_OPTION_FINDINGS                                                                                       \
    {"format", 'f',                                                                                                \
     "FORMAT", "text, json, markdown, sarif, junit or github",                                                     \
     false,    "text json markdown sarif junit github"},                                                           \
        {"fail-on", 0,                                                                                             \
         "LEVEL",   "the level from which findings make the exit status 1: error, warn, info or off (warn)",       \
         false,     "error warn info off"},                                                                        \
        {"baseline", 0, "FILE", "findings of this file are known: only new ones count", false, NULL},              \
    {                                                                                                              \
        "write-baseline", 0, "FILE", "write all findings to this file, so that from now on they are known", false, \
            NULL                                                                                                   \
    }

struct dara_call; /* a parsed command line */

struct dara_command {
    const char *name;
    const char *aliases;   /* "apply test-migration", space-separated, or NULL */
    const char *group;     /* "Set-up", "Migrate" … as in COMMANDS.md */
    const char *summary;   /* one line, lowercase, no final stop */
    const char *arguments; /* "PATH", "A B", "[VERSION]", "" */
    int min, max;          /* number of arguments; max -1 = any */
    unsigned flags;
    const struct dara_option *options; /* NULL, or ended by a NULL name */
    const char *description;           /* paragraphs for help and man */
    const char *example;               /* lines that work as they stand */
    /* What its arguments are: "file", "snapshot", "target" (of compare-schemas), "table", "command", or words; may be NULL. */
    const char *complete;
    const char *complete_next; /* the same for arguments after the first; NULL = as `complete` */
    int (*run)(struct dara_call *call, struct dara_report *report);
};

extern const struct dara_command *const dara_commands[]; /* NULL-ended, in order of help */
const struct dara_command *dara_command_find(const char *name);

/* Arguments, the command not counted. Borrowed from the command line, as are the values of options. */
size_t dara_call_count(const struct dara_call *call);
const char *dara_call_argument(const struct dara_call *call, size_t index); /* NULL past the end */
bool dara_call_given(const struct dara_call *call, const char *option);
const char *dara_call_value(const struct dara_call *call, const char *option); /* the last one; NULL when not given */
size_t dara_call_values(const struct dara_call *call, const char *option, const char *const **ret_values);
/* The values of a repeated option as a NULL-ended list, empty where it was not given; free() the list. */
const char **dara_call_list(const struct dara_call *call, const char *option);
/* What DARA_OPTION_FINDINGS asks for, of this target. */
struct dara_audit_request;
void dara_call_findings(const struct dara_call *call, const char *target, struct dara_audit_request *ret_request);
/* Non-negative integer option; `fallback` when not given. DARA_EUSAGE names the option. */
int dara_call_number(const struct dara_call *call, const char *option, long fallback, long *ret_number);
/* Project, URL, timeouts, confirmations: see service/context.h. */
struct dara_context *dara_call_context(struct dara_call *call);

#endif
