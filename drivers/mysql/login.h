/* SPDX-License-Identifier: MIT */
/* How to connect: what a URL says, taken out of it and kept, since further connections are made long after the URL is gone. */
#ifndef DARA_MYSQL_LOGIN_H
#define DARA_MYSQL_LOGIN_H

#include "my.h"

enum mysql_tls {
    MYSQL_TLS_PREFERRED = 0, /* where the server has it, unverified */
    MYSQL_TLS_DISABLED,
    MYSQL_TLS_REQUIRED,
    MYSQL_TLS_VERIFY_CA,
    MYSQL_TLS_VERIFY_IDENTITY,
};

struct mysql_login {
    char *user, *password, *host, *socket, *application;
    char *tls_ca, *tls_capath, *tls_cert, *tls_key, *tls_cipher, *tls_version;
    unsigned port;     /* 0 = the usual one */
    unsigned timeout;  /* to connect, in seconds */
    unsigned lease_ms; /* how long the lock lasts unrenewed, where it is a lease */
    bool lease;        /* let it be one wherever this is */
    enum mysql_tls tls;
    bool public_key; /* ask the server for its key, where a password is to travel without TLS */
};

/* What the URL of the request says. Errors: DARA_ECONNECT for options that are not known or make no sense. */
int mysql_login_new(const struct dara_open *request, struct mysql_login **ret_login);
/* Wipes the password. Accepts NULL, returns NULL. */
struct mysql_login *mysql_login_free(struct mysql_login *login);
/* Whether the server is on this machine, as far as the name of its host tells. */
bool mysql_login_is_local(const struct mysql_login *login);

#endif
