/* SPDX-License-Identifier: MIT */
/*
 * The gateway's program: tests/servers/mongodb starts it.
 *   mongodb-gateway [--log FOLDER] [--control FOLDER] --server CONNINFO PORT[:replica|:mongos|:standalone|:login]…
 */
#include "mongodb-gateway.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PORTS = 8 };

/* One command; false: the connection is to be cut. */
static bool serve_one(struct client *client, struct message *message)
{
    bson_t reply = BSON_INITIALIZER;
    struct command *command = &message->command;
    own_name(client, command);
    control_log(client, command);
    operations_begin(client, command);
    const enum fault fault = control_fault(client, command, &reply);
    bool ok = fault != FAULT_BEFORE;
    if (ok && fault != FAULT_ANSWERED && session_enter(client, command, &reply)) {
        command_run(client, command, &reply);
        session_leave(command, &reply);
    }
    operations_end(client); /* whoever has the answer is at nothing any more, and the message goes */
    if (fault == FAULT_AFTER)
        ok = false;
    if (ok && message_answered(message))
        ok = message_reply(client->fd, message, &reply);
    bson_destroy(&reply);
    return ok;
}

static void *serve(void *arg)
{
    struct client *client = arg;
    bson_t reason = BSON_INITIALIZER;
    struct message message;
    operations_enter(client);
    bool more = (client->pg = server_connect("", &reason)) != NULL;
    bson_destroy(&reason);
    while (more && (more = message_read(client->fd, &message))) {
        more = serve_one(client, &message);
        message_free(&message);
    }
    if (client->pg != NULL)
        message_free(&message);
    operations_leave(client);
    PQfinish(client->pg);
    free(client->login);
    close(client->fd);
    free(client);
    return NULL;
}

static void greet(const struct port *port)
{
    static int64_t last_id;
    const int fd = accept(port->fd, NULL, NULL);
    pthread_t thread;
    if (fd < 0)
        return;
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    *client = (struct client){.port = port, .fd = fd, .id = ++last_id};
    if (pthread_create(&thread, NULL, serve, client) == 0) {
        pthread_detach(thread);
        return;
    }
    close(fd);
    free(client);
}

static bool listen_on(const char *text, struct port *ret_port)
{
    const char *kind = strchr(text, ':');
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *ret_port = (struct port){.number = (int)strtol(text, NULL, 10), .topology = TOPOLOGY_REPLICA};
    if (kind != NULL && strcmp(kind, ":mongos") == 0)
        ret_port->topology = TOPOLOGY_MONGOS;
    if (kind != NULL && strcmp(kind, ":standalone") == 0)
        ret_port->topology = TOPOLOGY_STANDALONE;
    if (kind != NULL && strcmp(kind, ":login") == 0)
        ret_port->login = true;
    address.sin_port = htons((uint16_t)ret_port->number);
    ret_port->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(ret_port->fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    return bind(ret_port->fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(ret_port->fd, 128) == 0;
}

static int usage(void)
{
    fputs("usage: mongodb-gateway [--log FOLDER] [--control FOLDER] --server CONNINFO "
          "PORT[:replica|:mongos|:standalone|:login]...\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static struct port ports[PORTS];
    struct pollfd polled[PORTS];
    const char *log = NULL, *control = NULL, *server = NULL;
    nfds_t count = 0;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && i + 1 == argc)
            return usage();
        if (strcmp(argv[i], "--log") == 0)
            log = argv[++i];
        else if (strcmp(argv[i], "--control") == 0)
            control = argv[++i];
        else if (strcmp(argv[i], "--server") == 0)
            server = argv[++i];
        else if (argv[i][0] == '-' || count == PORTS)
            return usage();
        else if (!listen_on(argv[i], &ports[count]))
            return fprintf(stderr, "cannot listen on port %s\n", argv[i]), 1;
        else
            count++;
    }
    if (server == NULL || count == 0)
        return usage();
    server_where(server);
    control_where(log, control);
    signal(SIGPIPE, SIG_IGN);
    for (nfds_t i = 0; i < count; i++)
        polled[i] = (struct pollfd){.fd = ports[i].fd, .events = POLLIN};
    for (;;) {
        if (poll(polled, count, -1) <= 0)
            continue;
        for (nfds_t i = 0; i < count; i++)
            if (polled[i].revents != 0)
                greet(&ports[i]);
    }
}
