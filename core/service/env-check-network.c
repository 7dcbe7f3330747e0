/* SPDX-License-Identifier: MIT */
/* Name resolution and TCP, the same for every engine that is not a file. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "service/env-check.h"

#define CONNECT_TIMEOUT_MS 5000

/* 0, or an errno. */
static int connect_within(const struct addrinfo *address, int timeout_ms)
{
    int number = 0;
    socklen_t length = sizeof(number);
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return errno;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        number = errno;
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        if (number == EINPROGRESS) {
            int ready = poll(&wait, 1, timeout_ms);
            if (ready == 1)
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length);
            else
                number = ready == 0 ? ETIMEDOUT : errno;
        }
    }
    close(fd);
    return number;
}

static void check_tcp(const struct addrinfo *addresses, const char *shown, struct dara_checks *checks)
{
    int number = 0;
    int64_t start = dara_clock_monotonic_us();
    for (const struct addrinfo *a = addresses; a; a = a->ai_next)
        if (!(number = connect_within(a, CONNECT_TIMEOUT_MS)))
            break;
    if (number) {
        DARA_FREE char *detail = dara_format("%s: %s", shown, strerror(number));
        dara_checks_add(checks, "tcp", DARA_VERDICT_FAIL, detail,
                        "see that the server runs and listens there, and that no firewall is between");
        return;
    }
    char took[32];
    dara_clock_duration(dara_clock_monotonic_us() - start, took, sizeof(took));
    DARA_FREE char *detail = dara_format("%s answers in %s", shown, took);
    dara_checks_add(checks, "tcp", DARA_VERDICT_OK, detail, NULL);
}

/* Without a port, the service of the scheme's name; where the system knows none, only the name is looked up. */
static void check_host(const char *host, const char *port, const char *scheme, struct dara_checks *checks)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *addresses = NULL;
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, host);
    int code = getaddrinfo(host, port ? port : scheme, &hints, &addresses);
    bool reachable = code == 0;
    if (code == EAI_SERVICE)
        code = getaddrinfo(host, NULL, &hints, &addresses);
    if (code) {
        DARA_FREE char *detail = dara_format("'%s': %s", dara_text_string(&shown), gai_strerror(code));
        dara_checks_add(checks, "name resolution", DARA_VERDICT_FAIL, detail,
                        "see that the host's name is spelled right and known to DNS");
        return;
    }
    DARA_FREE char *detail = dara_format("'%s' is known", dara_text_string(&shown));
    dara_checks_add(checks, "name resolution", DARA_VERDICT_OK, detail, NULL);
    dara_text_format(&shown, ":%s", port ? port : scheme);
    if (reachable)
        check_tcp(addresses, dara_text_string(&shown), checks);
    else
        dara_checks_add(checks, "tcp", DARA_VERDICT_INFO, "the URL names no port, so no connection was tried", NULL);
    freeaddrinfo(addresses);
}

void dara_env_check_network(const struct dara_url *url, struct dara_checks *checks)
{
    if (!url->host || *url->host == '/') {
        dara_checks_add(checks, "tcp", DARA_VERDICT_INFO, "the URL names no host", NULL);
        return;
    }
    bool list = strchr(url->host, ',') != NULL;
    for (const char *at = url->host; *at;) {
        size_t length = strcspn(at, ",");
        DARA_FREE char *host = dara_strndup(at, length);
        char *colon = list ? strrchr(host, ':') : NULL;
        if (colon)
            *colon = '\0';
        if (*host)
            check_host(host, colon ? colon + 1 : url->port, url->scheme, checks);
        at += length + (at[length] == ',');
    }
}
