/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.h: senders of every kind, and a watcher at the other end of a cable that tells whether anything of theirs arrived. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PROBE_WAIT_MS 60    /* a veth delivers in microseconds; the rest is for a busy machine */

typedef struct
{
  const char *space;       /* namespace of the sender; NULL: this one */
  const char *device;      /* SO_BINDTODEVICE; NULL: routing decides */
  const char *from;        /* "address", or NULL */
  guint16     from_port;
  guint32     mark;
  guint32     uid;         /* whose socket it is; 0: root's */
  int         hops;        /* 0: the default */
} ProbeWay;

typedef struct { guint n; gint64 first_us, last_us; } ProbeSeen;

int        probe_socket      (const char *space, int domain, int type, int protocol);
int        probe_open        (const ProbeWay *way, int type, int protocol, const char *to);
gboolean   probe_send        (const ProbeWay *way, int type, int protocol, const char *to, guint16 port, const void *bytes,
                              gsize length);
int        probe_connect     (const ProbeWay *way, const char *to, guint16 port, guint max_ms);
gboolean   probe_frame       (const char *space, const char *device, const void *bytes, gsize length);
gsize      probe_make_udp    (guint8 *frame, const char *from, guint16 from_port, const char *to, guint16 to_port);
int        probe_listen      (const char *space, int type, const char *address, guint16 port);
gboolean   probe_heard       (int fd);
int        probe_watch       (const char *space, const char *device);
void       probe_forget      (int watcher);
ProbeSeen  probe_count       (int watcher, gboolean upkeep_too);

G_END_DECLS
