/* SPDX-License-Identifier: MIT */
/* Errors: DocumentDB's SQLSTATEs are MongoDB's codes under other names; PostgreSQL's own have a nearest one. */
#include "mongodb-gateway.h"

#include <stdarg.h>
#include <string.h>

static const struct {
    const char *state;
    struct error_code code;
} known[] = {
    {"M0000", {1, "InternalError"}},
    {"M0001", {2, "BadValue"}},
    {"M0002", {5, "GraphContainsCycle"}},
    {"M00EU", {6, "HostUnreachable"}},
    {"M0003", {9, "FailedToParse"}},
    {"42704", {11, "UserNotFound"}},
    {"M00ER", {13, "Unauthorized"}},
    {"42501", {13, "Unauthorized"}},
    {"M00E7", {13, "Unauthorized"}},
    {"M0004", {14, "TypeMismatch"}},
    {"M0005", {15, "Overflow"}},
    {"M00DO", {16, "InvalidLength"}},
    {"M00EV", {18, "AuthenticationFailed"}},
    {"28P01", {18, "AuthenticationFailed"}},
    {"M0006", {20, "IllegalOperation"}},
    {"M0007", {23, "AlreadyInitialized"}},
    {"M00EW", {24, "LockTimeout"}},
    {"M0008", {26, "NamespaceNotFound"}},
    {"M0009", {27, "IndexNotFound"}},
    {"M000A", {28, "PathNotViable"}},
    {"M000B", {31, "RoleNotFound"}},
    {"M000C", {34, "CannotBackfillArray"}},
    {"M000D", {40, "ConflictingUpdateOperators"}},
    {"M000E", {43, "CursorNotFound"}},
    {"M000F", {48, "NamespaceExists"}},
    {"M00EX", {50, "MaxTimeMSExpired"}},
    {"57014", {50, "MaxTimeMSExpired"}},
    {"M000G", {52, "DollarPrefixedFieldName"}},
    {"M000H", {53, "InvalidIdField"}},
    {"M000I", {54, "NotSingleValueField"}},
    {"M000J", {56, "EmptyFieldName"}},
    {"M000K", {57, "DottedFieldName"}},
    {"M00EY", {59, "CommandNotFound"}},
    {"M000L", {61, "ShardKeyNotFound"}},
    {"M000M", {66, "ImmutableField"}},
    {"M000N", {67, "CannotCreateIndex"}},
    {"M000O", {68, "IndexAlreadyExists"}},
    {"M000P", {72, "InvalidOptions"}},
    {"M000Q", {73, "InvalidNamespace"}},
    {"M000R", {85, "IndexOptionsConflict"}},
    {"M000S", {86, "IndexKeySpecsConflict"}},
    {"M00F0", {91, "ShutdownInProgress"}},
    {"57P01", {11600, "InterruptedAtShutdown"}},
    {"M000T", {111, "NotExactValueField"}},
    {"M00F1", {112, "WriteConflict"}},
    {"40001", {112, "WriteConflict"}},
    {"40P01", {112, "WriteConflict"}},
    {"55P03", {112, "WriteConflict"}},
    {"M000U", {115, "CommandNotSupported"}},
    {"M00F2", {117, "ConflictingOperationInProgress"}},
    {"M000V", {118, "NamespaceNotSharded"}},
    {"M00CO", {121, "DocumentValidationFailure"}},
    {"M000W", {146, "ExceededMemoryLimit"}},
    {"M000Y", {165, "ViewDepthLimitExceeded"}},
    {"M000Z", {166, "CommandNotSupportedOnView"}},
    {"M0010", {167, "OptionNotSupportedOnView"}},
    {"M0011", {181, "AmbiguousIndexKeyPattern"}},
    {"M0012", {197, "InvalidIndexSpecificationOption"}},
    {"M0013", {224, "QueryFeatureNotAllowed"}},
    {"M00F5", {225, "TransactionTooOld"}},
    {"M0015", {241, "ConversionFailure"}},
    {"M00F6", {251, "NoSuchTransaction"}},
    {"25P02", {251, "NoSuchTransaction"}},
    {"M00F7", {256, "TransactionCommitted"}},
    {"M0016", {263, "OperationNotSupportedInTransaction"}},
    {"M0017", {276, "IndexBuildAborted"}},
    {"M0018", {291, "IndexNotFound"}},
    {"M0019", {361, "CollectionUUIDMismatch"}},
    {"53100", {14031, "OutOfDiskSpace"}},
    {"M00E8", {10107, "NotWritablePrimary"}},
    {"25006", {10107, "NotWritablePrimary"}},
    {"M001B", {10334, "BSONObjectTooLarge"}},
    {"M001C", {11000, "DuplicateKey"}},
    {"23505", {11000, "DuplicateKey"}},
    {"23P01", {11000, "DuplicateKey"}},
    {"-", {11601, "Interrupted"}},
    {"-", {334, "MechanismUnavailable"}},
    {"M001D", {12587, "BackgroundOperationInProgressForNamespace"}},
    {"M001H", {13113, "MergeStageNoMatchingDocument"}},
    {"42710", {51003, "Location51003"}},
    {"M00E0", {51003, "Location51003"}},
    {"M007S", {40321, "Location40321"}},
    {"M007T", {40323, "Location40323"}},
    {"M007U", {40324, "Location40324"}},
    {"M0087", {40414, "Location40414"}},
    {"M0088", {40415, "Location40415"}},
};

struct error_code error_code(const char *state)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].state, state) == 0)
            return known[i].code;
    return (struct error_code){8, "UnknownError"};
}

const char *error_name(int code)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code.code == code)
            return known[i].code.name;
    return "UnknownError";
}

/* PostgreSQL packs six bits for each character. */
void error_unpack(int64_t packed, char ret_state[6])
{
    for (int i = 0; i < 5; i++)
        ret_state[i] = (char)('0' + ((packed >> (6 * i)) & 0x3f));
    ret_state[5] = '\0';
}

void reply_fail(bson_t *reply, int code, const char *format, ...)
{
    char message[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    bson_reinit(reply);
    BSON_APPEND_DOUBLE(reply, "ok", 0);
    /* Cut in the middle of a character it would be no text. */
    if (!bson_utf8_validate(message, strlen(message), false))
        snprintf(message, sizeof message, "an error whose message is no text");
    BSON_APPEND_UTF8(reply, "errmsg", message);
    BSON_APPEND_INT32(reply, "code", code);
    BSON_APPEND_UTF8(reply, "codeName", error_name(code));
}

void reply_ok(bson_t *reply)
{
    BSON_APPEND_DOUBLE(reply, "ok", 1);
}

void reply_label(bson_t *reply, const char *label)
{
    bson_t labels = BSON_INITIALIZER;
    if (bson_has_field(reply, "errorLabels"))
        return;
    BSON_APPEND_UTF8(&labels, "0", label);
    BSON_APPEND_ARRAY(reply, "errorLabels", &labels);
    bson_destroy(&labels);
}

bool reply_failed(const bson_t *reply)
{
    bson_iter_t iter;
    return !bson_iter_init_find(&iter, reply, "ok") || !bson_iter_as_bool(&iter);
}
