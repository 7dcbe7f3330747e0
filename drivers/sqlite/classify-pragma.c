/* SPDX-License-Identifier: MIT */
/* PRAGMA: what each one does to the file, to the connection and to a transaction (https://www.sqlite.org/pragma.html). */
#include <stdlib.h>
#include <string.h>

#include "classify.h"

enum effect {
    READS,   /* tells something; a value is an argument of the question */
    SETS,    /* with a value: changes this connection only */
    STORES,  /* with a value: written into the file */
    BEFORE,  /* with a value: works, or works fully, only outside a transaction */
    OUTSIDE, /* with a value: refused or without effect inside a transaction */
    WRITES,  /* writes the file even without a value */
    WRITES_OUTSIDE,
    REFUSES,
};

static const struct {
    const char *name;
    enum effect effect;
} pragmas[] = {
    {"analysis_limit", SETS},
    {"application_id", STORES},
    {"auto_vacuum", BEFORE},
    {"automatic_index", SETS},
    {"busy_timeout", SETS},
    {"cache_size", SETS},
    {"cache_spill", SETS},
    {"case_sensitive_like", SETS},
    {"cell_size_check", SETS},
    {"checkpoint_fullfsync", SETS},
    {"collation_list", READS},
    {"compile_options", READS},
    {"count_changes", SETS},
    {"data_store_directory", REFUSES},
    {"data_version", READS},
    {"database_list", READS},
    {"default_cache_size", STORES},
    {"defer_foreign_keys", SETS},
    {"empty_result_callbacks", SETS},
    {"encoding", BEFORE},
    {"foreign_key_check", READS},
    {"foreign_key_list", READS},
    {"foreign_keys", BEFORE},
    {"freelist_count", READS},
    {"full_column_names", SETS},
    {"fullfsync", SETS},
    {"function_list", READS},
    {"hard_heap_limit", SETS},
    {"ignore_check_constraints", SETS},
    {"incremental_vacuum", WRITES},
    {"index_info", READS},
    {"index_list", READS},
    {"index_xinfo", READS},
    {"integrity_check", READS},
    {"journal_mode", OUTSIDE},
    {"journal_size_limit", SETS},
    {"legacy_alter_table", SETS},
    {"legacy_file_format", SETS},
    {"locking_mode", SETS},
    {"max_page_count", SETS},
    {"mmap_size", SETS},
    {"module_list", READS},
    {"optimize", WRITES},
    {"page_count", READS},
    {"page_size", BEFORE},
    {"pragma_list", READS},
    {"query_only", SETS},
    {"quick_check", READS},
    {"read_uncommitted", SETS},
    {"recursive_triggers", SETS},
    {"reverse_unordered_selects", SETS},
    {"schema_version", REFUSES},
    {"secure_delete", SETS},
    {"short_column_names", SETS},
    {"shrink_memory", SETS},
    {"soft_heap_limit", SETS},
    {"synchronous", BEFORE},
    {"table_info", READS},
    {"table_list", READS},
    {"table_xinfo", READS},
    {"temp_store", BEFORE},
    {"temp_store_directory", REFUSES},
    {"threads", SETS},
    {"trusted_schema", SETS},
    {"user_version", STORES},
    {"wal_autocheckpoint", SETS},
    {"wal_checkpoint", WRITES_OUTSIDE},
    {"writable_schema", REFUSES},
};

static void tell(struct sqlite_reading *reading, unsigned flags)
{
    dara_facts_kind(reading->facts, "pragma", flags);
}

static void tell_effect(struct sqlite_reading *reading, enum effect effect, const char *name, bool has_value)
{
    switch (effect) {
    case WRITES:
        tell(reading, DARA_STATEMENT_DATA);
        return;
    case WRITES_OUTSIDE:
        tell(reading, DARA_STATEMENT_DATA | DARA_STATEMENT_NO_TRANSACTION);
        return;
    case READS:
        tell(reading, DARA_STATEMENT_READS);
        return;
    default:
        break;
    }
    if (!has_value || effect == SETS) {
        tell(reading, DARA_STATEMENT_READS);
    } else if (effect == STORES) {
        tell(reading, DARA_STATEMENT_SCHEMA);
        sqlite_reading_object(reading, DARA_ROLE_CHANGES, "setting", name);
    } else if (effect == BEFORE) {
        tell(reading, DARA_STATEMENT_BEFORE_TRANSACTION);
    } else if (effect == OUTSIDE) {
        tell(reading, DARA_STATEMENT_NO_TRANSACTION);
    } else {
        tell(reading, DARA_STATEMENT_REFUSED);
        dara_facts_refuse(reading->facts, "this PRAGMA can damage the database or reach outside its file",
                          "take it out; dara rebuilds tables that ALTER TABLE cannot change");
    }
}

void sqlite_classify_pragma(struct sqlite_reading *reading)
{
    char *name = sqlite_reading_name(reading);
    bool has_value = sqlite_reading_is(reading, "=") || sqlite_reading_is(reading, "(");
    for (size_t i = 0; name && i < sizeof(pragmas) / sizeof(pragmas[0]); i++) {
        if (strcmp(pragmas[i].name, name) != 0)
            continue;
        tell_effect(reading, pragmas[i].effect, name, has_value);
        free(name);
        return;
    }
    free(name);
    tell(reading, DARA_STATEMENT_UNREAD);
}
