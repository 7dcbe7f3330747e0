/* SPDX-License-Identifier: MIT */
/* Opening, describing and reading. */
#include <string.h>

#include "driver/internal.h"

/* ---- opening ---------------------------------------------------------------------------------------------------------- */

static struct dara_open request_for(const struct dara_url *url, const struct dara_session_options *options)
{
    return (struct dara_open){
        .size = sizeof(struct dara_open),
        .url = url,
        .mode = options->mode,
        .lock_timeout_ms = options->lock_timeout_ms,
        .statement_timeout_ms = options->statement_timeout_ms,
        .application = options->application ? options->application : "dara",
        .lock_step_ms = options->lock_step_ms ? options->lock_step_ms : options->lock_timeout_ms,
    };
}

/* Either of the two ways to a connection: session.open, scratch.open. */
static int open_with(const struct dara_driver *driver, const char *group,
                     int (*open)(const struct dara_open *request, struct dara_conn **ret_conn),
                     const struct dara_open *request, struct dara_session **ret_session)
{
    struct dara_dispatch call;
    struct dara_conn *conn = NULL;
    dara_dispatch_begin(&call, driver, request->url, group, "open");
    int code = open(request, &conn);
    if (code == 0 && !conn)
        code = dara_error_set(DARA_EDRIVER, "the '%s' driver broke its contract: '%s.open' gave no connection",
                              driver->name, group);
    code = dara_dispatch_end(&call, code);
    if (code)
        return code;
    struct dara_session *session = dara_alloc(sizeof(*session));
    *session = (struct dara_session){.driver = driver, .url = request->url, .conn = conn, .mode = request->mode};
    *ret_session = session;
    return 0;
}

int dara_session_open(const struct dara_url *url, const struct dara_session_options *options,
                      struct dara_session **ret_session)
{
    const struct dara_driver *driver;
    int code = dara_driver_load(url->scheme, &driver);
    if (code)
        return code;
    struct dara_open request = request_for(url, options);
    return open_with(driver, "session", driver->session->open, &request, ret_session);
}

int dara_session_open_scratch(const struct dara_url *url, const char *application, struct dara_session **ret_session)
{
    const struct dara_driver *driver;
    int code = dara_driver_load(url->scheme, &driver);
    if (code)
        return code;
    if (!driver->scratch)
        return dara_dispatch_absent(driver, "scratch", NULL, "make a scratch database");
    const struct dara_session_options options = {.mode = DARA_MODE_WRITE, .application = application};
    struct dara_open request = request_for(url, &options);
    code = open_with(driver, "scratch", driver->scratch->open, &request, ret_session);
    if (!code)
        (*ret_session)->scratch = true;
    return code;
}

int dara_session_create_database(const struct dara_url *url, bool *ret_existed)
{
    const struct dara_driver *driver;
    int code = dara_driver_load(url->scheme, &driver);
    if (code)
        return code;
    if (!DARA_HAS(driver->session, create))
        return dara_dispatch_absent(driver, "session", "create", "create a database");
    struct dara_open request = request_for(url, &(struct dara_session_options){.mode = DARA_MODE_WRITE});
    struct dara_dispatch call;
    bool existed = false;
    dara_dispatch_begin(&call, driver, url, "session", "create");
    code = dara_dispatch_end(&call, driver->session->create(&request, &existed));
    if (!code)
        *ret_existed = existed;
    return code;
}

struct dara_session *dara_session_close(struct dara_session *session)
{
    if (!session)
        return NULL;
    /* Closing after a failure must not hide it, and has nobody left to tell of a failure of its own. */
    struct dara_error *earlier = dara_error_keep();
    if (session->in_transaction)
        dara_session_rollback(session);
    if (session->locked)
        dara_session_unlock(session);
    struct dara_dispatch call;
    dara_dispatch_begin(&call, session->driver, session->url, "session", "close");
    session->driver->session->close(session->conn);
    dara_dispatch_end(&call, 0);
    dara_error_put_back(earlier);
    free(session);
    return NULL;
}

/* ---- what it is --------------------------------------------------------------------------------------------------------- */

const struct dara_driver *dara_session_driver(const struct dara_session *session)
{
    return session->driver;
}

enum dara_mode dara_session_mode(const struct dara_session *session)
{
    return session->mode;
}

bool dara_session_feature(const struct dara_session *session, enum dara_feature feature)
{
    return (session->driver->features & (uint64_t)feature) != 0;
}

int dara_session_require(const struct dara_session *session, const char *group, const char *purpose)
{
    return dara_driver_require(session->driver, group, purpose);
}

int dara_session_describe(struct dara_session *session, struct dara_server *ret_server)
{
    struct dara_dispatch call;
    struct dara_server server = {.size = sizeof(server)};
    dara_dispatch_begin(&call, session->driver, session->url, "session", "describe");
    int code = dara_dispatch_end(&call, session->driver->session->describe(session->conn, &server));
    if (code)
        return code;
    if (!server.engine)
        server.engine = session->driver->name;
    if (!server.version)
        server.version = "unknown";
    *ret_server = server;
    return 0;
}

int dara_session_ping(struct dara_session *session)
{
    struct dara_dispatch call;
    dara_dispatch_begin(&call, session->driver, session->url, "session", "ping");
    return dara_dispatch_end(&call, session->driver->session->ping(session->conn));
}

int dara_session_diagnose(struct dara_session *session, struct dara_checks *checks)
{
    if (!DARA_HAS(session->driver->session, diagnose))
        return dara_dispatch_absent(session->driver, "session", "diagnose", "check its environment");
    struct dara_dispatch call;
    dara_dispatch_begin(&call, session->driver, session->url, "session", "diagnose");
    checks->url = session->url;
    int code = session->driver->session->diagnose(session->conn, checks);
    checks->url = NULL;
    return dara_dispatch_end(&call, code);
}

/* ---- schema and rows ------------------------------------------------------------------------------------------------------ */

void dara_session_limit(struct dara_session *session, const char *const *spaces)
{
    session->spaces = spaces;
}

int dara_session_read(struct dara_session *session, struct dara_model **ret_model)
{
    const struct dara_introspect_ops *introspect = session->driver->introspect;
    const struct dara_read request = {.size = sizeof(request), .spaces = session->spaces};
    DARA_MODEL_LOCAL model = NULL;
    int code = dara_model_new(session->driver->name, introspect->kinds, &model);
    if (code)
        return code;
    struct dara_dispatch call;
    dara_dispatch_begin(&call, session->driver, session->url, "introspect", "read");
    code = dara_dispatch_end(&call, introspect->read(session->conn, &request, model));
    if (!code)
        code = dara_model_finish(model);
    if (code)
        return code;
    *ret_model = model;
    model = NULL;
    return 0;
}

int dara_session_count_rows(struct dara_session *session, const struct dara_object *object, uint64_t *ret_rows)
{
    const struct dara_introspect_ops *introspect = session->driver->introspect;
    if (!DARA_HAS(introspect, count_rows))
        return dara_dispatch_absent(session->driver, "introspect", "count_rows", "count rows");
    struct dara_dispatch call;
    uint64_t rows = 0;
    dara_dispatch_begin(&call, session->driver, session->url, "introspect", "count_rows");
    int code = dara_dispatch_end(&call, introspect->count_rows(session->conn, object, &rows));
    if (!code)
        *ret_rows = rows;
    return code;
}

/* The caller's writer, and the code with which it stopped: the driver passes on that it stopped, not always why. */
struct export
{
    int (*write)(void *context, const char *bytes, size_t length);
    void *context;
    int stopped;
};

static int export_piece(void *context, const char *bytes, size_t length)
{
    struct export *export = context;
    if (!export->stopped)
        export->stopped = export->write(export->context, bytes, length);
    return export->stopped;
}

int dara_session_export_rows(struct dara_session *session, const struct dara_object *object,
                             int (*write)(void *context, const char *bytes, size_t length), void *context,
                             uint64_t *ret_rows)
{
    const struct dara_bulk_ops *bulk = session->driver->bulk;
    if (!bulk)
        return dara_dispatch_absent(session->driver, "bulk", NULL, "export rows");
    struct export export = {.write = write, .context = context};
    struct dara_dispatch call;
    uint64_t rows = 0;
    dara_dispatch_begin(&call, session->driver, session->url, "bulk", "export_rows");
    int code = bulk->export_rows(session->conn, object, export_piece, &export, &rows);
    code = dara_dispatch_end(&call, export.stopped ? export.stopped : code);
    if (!code && ret_rows)
        *ret_rows = rows;
    return code;
}

int dara_session_restoring(struct dara_session *session, bool begins)
{
    const struct dara_bulk_ops *bulk = session->driver->bulk;
    struct dara_dispatch call;
    if (!DARA_HAS(bulk, restoring))
        return 0;
    dara_dispatch_begin(&call, session->driver, session->url, "bulk", "restoring");
    return dara_dispatch_end(&call, bulk->restoring(session->conn, begins));
}
