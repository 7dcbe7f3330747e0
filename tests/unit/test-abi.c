/* SPDX-License-Identifier: MIT */
/* The layout of driver interface 1.0, as drivers that are out there were compiled with it. A line here is never changed and
 * never taken out within a major; members that come are added. */
#include "unit.h"

#include <dara/dara.h>

#define AT(type, member, words) \
    _Static_assert(offsetof(struct type, member) == (words) * sizeof(void *), #type "." #member " has moved")

#if UINTPTR_MAX == UINT64_MAX
/* The head of the descriptor: in bytes, for it never moves. */
_Static_assert(offsetof(struct dara_driver, abi_major) == 0, "head");
_Static_assert(offsetof(struct dara_driver, abi_minor) == 4, "head");
_Static_assert(offsetof(struct dara_driver, size) == 8, "head");

AT(dara_driver, name, 2);
AT(dara_driver, version, 3);
AT(dara_driver, description, 4);
AT(dara_driver, schemes, 5);
AT(dara_driver, url_help, 6);
AT(dara_driver, url_variable, 7);
AT(dara_driver, features, 8);
AT(dara_driver, session, 9);
AT(dara_driver, introspect, 10);
AT(dara_driver, dialect, 11);
AT(dara_driver, apply, 12);
AT(dara_driver, scratch, 13);
AT(dara_driver, bulk, 14);
AT(dara_driver, policy, 15);
AT(dara_driver, explain, 16);
AT(dara_driver, stats, 17);
AT(dara_driver, audit, 18);
AT(dara_driver, policy_instead, 23);

AT(dara_audit_ops, size, 0);
AT(dara_audit_ops, rules, 1);
AT(dara_audit_ops, schema, 2);
AT(dara_audit_ops, statement, 3);
AT(dara_audit_ops, type, 4);
AT(dara_audit_ops, index, 5);
AT(dara_audit_ops, fix, 6);
AT(dara_audit_ops, follows, 7);
AT(dara_audit_ops, file, 8);
AT(dara_audit_ops, probe, 9);

AT(dara_session_ops, size, 0);
AT(dara_session_ops, open, 1);
AT(dara_session_ops, close, 2);
AT(dara_session_ops, describe, 3);
AT(dara_session_ops, ping, 4);
AT(dara_session_ops, create, 5);
AT(dara_session_ops, cancel, 6);
AT(dara_session_ops, diagnose, 7);

AT(dara_introspect_ops, size, 0);
AT(dara_introspect_ops, kinds, 1);
AT(dara_introspect_ops, read, 2);
AT(dara_introspect_ops, count_rows, 3);

AT(dara_dialect_ops, size, 0);
AT(dara_dialect_ops, extension, 1);
AT(dara_dialect_ops, delimiter, 2);
AT(dara_dialect_ops, quote, 3);
AT(dara_dialect_ops, split, 4);
AT(dara_dialect_ops, classify, 5);
AT(dara_dialect_ops, render, 6);
AT(dara_dialect_ops, change, 7);
AT(dara_dialect_ops, prepare, 8);
AT(dara_dialect_ops, begin_snapshot, 9);
AT(dara_dialect_ops, end_snapshot, 10);
AT(dara_dialect_ops, comment, 11);
AT(dara_dialect_ops, begin_plan, 12);
AT(dara_dialect_ops, end_plan, 13);
AT(dara_dialect_ops, render_asked, 14);

AT(dara_apply_ops, size, 0);
AT(dara_apply_ops, lock, 1);
AT(dara_apply_ops, unlock, 2);
AT(dara_apply_ops, begin, 3);
AT(dara_apply_ops, execute, 4);
AT(dara_apply_ops, commit, 5);
AT(dara_apply_ops, rollback, 6);
AT(dara_apply_ops, history_ensure, 7);
AT(dara_apply_ops, history_list, 8);
AT(dara_apply_ops, history_record, 9);
AT(dara_apply_ops, validate, 10);
AT(dara_apply_ops, savepoint, 11);
AT(dara_apply_ops, release, 12);
AT(dara_apply_ops, rollback_to, 13);
AT(dara_apply_ops, reset, 14);
AT(dara_apply_ops, journal_ensure, 15);
AT(dara_apply_ops, journal_list, 16);
AT(dara_apply_ops, journal_record, 17);
AT(dara_apply_ops, journal_forget, 18);
AT(dara_apply_ops, settle, 19);
AT(dara_dialect_ops, rename, 15);
AT(dara_dialect_ops, read_rows, 16);
AT(dara_dialect_ops, delete_rows, 17);
AT(dara_dialect_ops, render_unowned, 18);
AT(dara_dialect_ops, write, 19);
AT(dara_open, lock_step_ms, 5);
AT(dara_apply_ops, observe, 20);
AT(dara_apply_ops, history_record_all, 21);
AT(dara_introspect_ops, sizes, 4);
AT(dara_apply_ops, execute_all, 22);
AT(dara_apply_ops, search, 23);
AT(dara_apply_ops, weigh, 24);
AT(dara_apply_ops, journal_step, 25);
AT(dara_search, why, 4);

AT(dara_scratch_ops, size, 0);
AT(dara_scratch_ops, open, 1);
AT(dara_bulk_ops, size, 0);
AT(dara_bulk_ops, export_rows, 1);

AT(dara_url, size, 0);
AT(dara_url, base, 12);
AT(dara_open, size, 0);
AT(dara_open, application, 4);
AT(dara_server, pooler, 6);
AT(dara_lock, owner, 1);
AT(dara_read, spaces, 1);
AT(dara_step, note, 4);
AT(dara_history_entry, tool, 9);
AT(dara_history_entry, duration_ms, 10);
AT(dara_journal_entry, run, 1);
AT(dara_journal_entry, kind, 3);
AT(dara_journal_entry, checksum, 7);
AT(dara_journal_entry, rows, 15);
AT(dara_journal_entry, duration_us, 16);
AT(dara_kind, name, 1);
AT(dara_kind, properties, 5);
AT(dara_object_desc, comment, 6);
AT(dara_change, reason, 7);
/* Frozen: passed in arrays. */
_Static_assert(sizeof(struct dara_value) == 40, "dara_value");
_Static_assert(sizeof(struct dara_property) == 16, "dara_property");
#endif

/* Numbers in compiled drivers. */
static void test_numbers(void **state)
{
    (void)state;
    assert_int_equal(DARA_DRIVER_ABI_MAJOR, 1);
    assert_int_equal(DARA_MODE_READ, 1);
    assert_int_equal(DARA_MODE_REHEARSE, 2);
    assert_int_equal(DARA_MODE_WRITE, 3);
    assert_int_equal(DARA_ECONNECT, -3);
    assert_int_equal(DARA_EUNSUPPORTED, -4);
    assert_int_equal(DARA_ELOCKED, -5);
    assert_int_equal(DARA_ESTATEMENT, -6);
    assert_int_equal(DARA_EDRIVER, -11);
    assert_int_equal(DARA_EINTERRUPTED, -12);
    assert_int_equal(DARA_STATEMENT_UNREAD, 128);
    assert_int_equal(DARA_STATEMENT_SESSION, 512);
    assert_int_equal(DARA_OUTCOME_DONE, 2);
    assert_int_equal(DARA_STEP_MAY_FAIL, 8);
    assert_int_equal(DARA_BYTES, 4);
    assert_int_equal(DARA_FAMILY_SKIPPED, 3);
    assert_int_equal(DARA_CHANGE_RECREATE, 4);
    assert_int_equal(DARA_PROPERTY_FIXED, 4);
    assert_int_equal(DARA_KIND_SETTING, 16);
}

/* A member is there when the table is long enough and has it. */
static void test_has(void **state)
{
    (void)state;
    static const struct dara_kind *const kinds[] = {NULL};
    struct dara_introspect_ops ops = {.size = offsetof(struct dara_introspect_ops, read), .kinds = kinds};
    const struct dara_introspect_ops *none = NULL;
    assert_true(DARA_HAS(&ops, kinds));
    assert_false(DARA_HAS(&ops, read));
    ops.size = sizeof(ops);
    assert_false(DARA_HAS(&ops, read));
    assert_false(DARA_HAS(none, kinds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
