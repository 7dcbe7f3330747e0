/* SPDX-License-Identifier: MIT */
/* Connections: PostgreSQL's, to where a Supabase URL leads. */
#include <stdlib.h>

#include "supa.h"

int supabase_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    struct dara_open there = *request;
    struct dara_url url = *request->url;
    struct dara_conn *conn = NULL;
    int code = supabase_address_check(request->url);
    if (code)
        return code;
    char *text = supabase_address_text(request->url);
    if (!text)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    url.text = text;
    there.url = &url;
    code = postgres_session_open(&there, &conn);
    free(text);
    if (code == DARA_ECONNECT)
        supabase_address_advise(request->url);
    if (code)
        return code;
    conn->platform = &supabase_platform;
    *ret_conn = conn;
    return 0;
}

int supabase_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    int code = postgres_session_describe(conn, ret_server);
    ret_server->engine = "Supabase";
    return code;
}
