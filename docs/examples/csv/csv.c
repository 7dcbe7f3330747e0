/* SPDX-License-Identifier: MIT */
/*
 * A driver for dara that lives outside its tree: a folder of CSV files as a database that can only be read.
 *
 *   csv:FOLDER     each FILE.csv in it is a table, its first record names the columns
 *
 * It has the two groups every driver must have, session and introspect. It leaves out `apply`, so dara knows that nothing
 * can be written, and `dialect`, so dara offers no plan and no snapshot text: neither needs a line here.
 */
#include "csv.h"

#include <dara/dara.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct dara_conn {
    char *folder;
    char *reached; /* the folder as the system names it: what describe shows */
};

static int out_of_memory(void)
{
    return dara_error_set(DARA_EINTERNAL, "out of memory");
}

/* "folder/name" + end; free(). */
static char *path_of(const char *folder, const char *name, const char *end)
{
    size_t room = strlen(folder) + strlen(name) + strlen(end) + 2;
    char *path = malloc(room);
    if (path)
        snprintf(path, room, "%s%s%s%s", folder, *folder ? "/" : "", name, end);
    return path;
}

/* ---- session ------------------------------------------------------------------------------------------------------------ */

static void csv_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    free(conn->folder);
    free(conn->reached);
    free(conn);
}

/* The folder of a URL, relative to the project's where it is not absolute; free(). */
static char *folder_of(const struct dara_url *url)
{
    const char *path = url->path ? url->path : ".";
    return *path == '/' || !url->base ? strdup(path) : path_of(url->base, path, "");
}

static int check_folder(const char *folder)
{
    struct stat about;
    if (stat(folder, &about) != 0) {
        dara_error_set(DARA_ECONNECT, "cannot open the folder '%s': %s", folder, strerror(errno));
        dara_error_hint("the form of the URL is csv:FOLDER");
        return DARA_ECONNECT;
    }
    if (!S_ISDIR(about.st_mode))
        return dara_error_set(DARA_ECONNECT, "'%s' is not a folder", folder);
    return 0;
}

/* All modes open alike: there is nothing here that could write, so the READ mode keeps its promise by itself. */
static int csv_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    if (conn)
        conn->folder = folder_of(request->url);
    if (!conn || !conn->folder) {
        csv_session_close(conn);
        return out_of_memory();
    }
    int code = check_folder(conn->folder);
    if (code) {
        csv_session_close(conn);
        return code;
    }
    conn->reached = realpath(conn->folder, NULL);
    *ret_conn = conn;
    return 0;
}

static int csv_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    ret_server->engine = "CSV files";
    ret_server->version = "RFC 4180";
    ret_server->client = "csv driver 1.0";
    ret_server->database = conn->reached ? conn->reached : conn->folder;
    return 0;
}

static int csv_session_ping(struct dara_conn *conn)
{
    return check_folder(conn->folder);
}

static int csv_session_diagnose(struct dara_conn *conn, struct dara_checks *checks)
{
    if (access(conn->folder, R_OK | X_OK) == 0)
        dara_checks_add(checks, "folder", DARA_VERDICT_OK, "can be read", NULL);
    else
        dara_checks_add(checks, "folder", DARA_VERDICT_FAIL, strerror(errno),
                        "give yourself the right to read the folder");
    return 0;
}

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = csv_session_open,
    .close = csv_session_close,
    .describe = csv_session_describe,
    .ping = csv_session_ping,
    .diagnose = csv_session_diagnose,
};

/* ---- introspect --------------------------------------------------------------------------------------------------------- */

static const struct dara_property no_properties[] = {{NULL, DARA_PROPERTY_INFO}};

static const struct dara_kind table_kind = {
    .size = sizeof(struct dara_kind),
    .name = "table",
    .plural = "tables",
    .order = 10,
    .flags = DARA_KIND_ROWS,
    .properties = no_properties,
};
static const struct dara_kind column_kind = {
    .size = sizeof(struct dara_kind),
    .name = "column",
    .plural = "columns",
    .owner = "table",
    .order = 20,
    .flags = DARA_KIND_PART | DARA_KIND_ORDERED | DARA_KIND_VALUES,
    .properties = no_properties,
};
static const struct dara_kind *const kinds[] = {&table_kind, &column_kind, NULL};

/* What reading the columns of one table needs. */
struct header {
    struct dara_model *model;
    struct dara_object *table;
    const char *table_name;
    unsigned position;
};

static bool has_column(const struct header *header, const char *name, char **seen)
{
    for (unsigned i = 0; i < header->position; i++)
        if (strcmp(seen[i], name) == 0)
            return true;
    return false;
}

/* Add the names of the first record as columns. A name that comes twice cannot be represented: the model is told so, because
 * "unknown is not empty". */
static int add_columns(struct header *header, struct csv *csv)
{
    char **seen = NULL;
    int code = 0;
    enum csv_item item;
    while (!code && (item = csv_next(csv)) == CSV_FIELD) {
        const char *name = csv_text(csv);
        if (has_column(header, name, seen)) {
            code = dara_model_unrepresented(header->model, "column", name, "two columns of a file have this name");
            continue;
        }
        struct dara_object_desc desc = {.size = sizeof(desc), .kind = "column", .name = name, .owner = header->table};
        code = dara_model_add(header->model, &desc, NULL);
        char **more = realloc(seen, (header->position + 1) * sizeof(*seen));
        char *copy = strdup(name);
        if (more)
            seen = more;
        if (!more || !copy) {
            free(copy);
            code = out_of_memory();
            break;
        }
        seen[header->position++] = copy;
    }
    if (!code && item == CSV_BAD)
        code = dara_model_unrepresented(header->model, "table", header->table_name, csv_problem(csv));
    while (header->position > 0)
        free(seen[--header->position]);
    free(seen);
    return code;
}

static int read_table(struct dara_model *model, const char *path, const char *name)
{
    struct csv *csv = csv_open(path);
    if (!csv)
        return dara_model_unrepresented(model, "table", name, strerror(errno));
    struct header header = {.model = model, .table_name = name};
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "table", .name = name};
    int code = dara_model_add(model, &desc, &header.table);
    if (!code)
        code = add_columns(&header, csv);
    csv_close(csv);
    return code;
}

/* The table's name of a file, free(); NULL for what is no CSV file. */
static char *table_name(const char *file)
{
    size_t length = strlen(file);
    if (length <= 4 || strcmp(file + length - 4, ".csv") != 0)
        return NULL;
    return strndup(file, length - 4);
}

/* Every family the driver knows is mentioned: read, or why not. What is not mentioned counts as unsupported. */
static int csv_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    (void)request; /* there are no namespaces to choose from */
    DIR *folder = opendir(conn->folder);
    if (!folder)
        return dara_error_set(DARA_ECONNECT, "cannot list the folder '%s': %s", conn->folder, strerror(errno));
    int code = 0;
    const struct dirent *entry;
    while (!code && (entry = readdir(folder)) != NULL) {
        char *name = table_name(entry->d_name);
        if (!name)
            continue;
        char *path = path_of(conn->folder, entry->d_name, "");
        code = path ? read_table(model, path, name) : out_of_memory();
        free(path);
        free(name);
    }
    closedir(folder);
    if (!code)
        code = dara_model_family(model, "table", DARA_FAMILY_READ, NULL);
    if (!code)
        code = dara_model_family(model, "column", DARA_FAMILY_READ, NULL);
    return code;
}

/* Records after the first, counted as they are read: constant memory. */
static int csv_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    char *path = path_of(conn->folder, dara_object_name(object), ".csv");
    if (!path)
        return out_of_memory();
    struct csv *csv = csv_open(path);
    int code = csv ? 0 : dara_error_set(DARA_EFILE, "cannot read '%s': %s", path, strerror(errno));
    uint64_t records = 0;
    enum csv_item item = CSV_END;
    while (csv && (item = csv_next(csv)) != CSV_END && item != CSV_BAD)
        records += item == CSV_RECORD;
    if (item == CSV_BAD) {
        code = dara_error_set(DARA_EFILE, "cannot read '%s': %s", path, csv_problem(csv));
        dara_error_at(path, csv_line(csv));
    }
    csv_close(csv);
    free(path);
    if (!code)
        *ret_rows = records > 0 ? records - 1 : 0;
    return code;
}

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = kinds,
    .read = csv_introspect_read,
    .count_rows = csv_introspect_count_rows,
};

/* ---- the descriptor ------------------------------------------------------------------------------------------------------- */

static const char *const schemes[] = {"csv", NULL};

DARA_DRIVER_DEFINE(csv, .version = "1.0", .description = "a folder of CSV files, read only", .schemes = schemes,
                   .url_help = "csv:FOLDER", .features = DARA_FEATURE_FILE, .session = &session,
                   .introspect = &introspect);
