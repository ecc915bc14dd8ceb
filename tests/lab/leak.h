/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak.h: one row of the catalogue of leaks at a time, always in two halves: with the protection the watcher sees nothing, and
 * without it the same watcher sees the same packet.  Each row leaves its figures in $ADIT_LEAK_DIR/ROW.json, from which the table
 * in SECURITY.md is made. */
#pragma once

#include <glib.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/probe.h"
#include "tests/lab/world.h"

G_BEGIN_DECLS

/* In which the protection is tried; each is a real one, entered through the helper. */
typedef enum
{
  ADIT_LEAK_LOCKDOWN,      /* disconnected with lockdown on */
  ADIT_LEAK_CONNECTING,    /* to a relay that never answers */
  ADIT_LEAK_CONNECTED,
  ADIT_LEAK_ORPHANED,      /* connected, then the helper was killed */
  ADIT_LEAK_N_STATES
} AditLeakState;

typedef struct _AditLeak AditLeak;

typedef struct
{
  const char *id;       /* the catalogue's, or one of ours beside it: "L10", "L10-raw" */
  const char *title;
  void      (*run) (AditLeak *leak);
} AditLeakRow;

/* One packet, or the first of a connection, from the client or a guest of it. */
typedef struct
{
  const char *name;
  int         type, protocol;
  const char *to;
  guint16     port;
  ProbeWay    way;
} AditLeakPacket;

int        adit_leak_main       (int argc, char **argv, AditWorldFlags flags, const AditLeakRow *rows, gsize n_rows);
AditWorld *adit_leak_get_world  (AditLeak *self);
void       adit_leak_run        (AditLeak *self, const char *space, const char *line);
void       adit_leak_skip       (AditLeak *self, const char *why);

void       adit_leak_enter      (AditLeak *self, AditLeakState state);
void       adit_leak_expose     (AditLeak *self);
void       adit_leak_allow      (AditLeak *self, const char *name);
char      *adit_leak_dup_tunnel_address (AditLeak *self, gboolean ipv6);
void       adit_leak_start_senders (AditLeak *self);
void       adit_leak_stop_senders  (AditLeak *self);
void       adit_leak_send       (AditLeak *self, const AditLeakPacket *packet);
void       adit_leak_attempt    (AditLeak *self, guint uid, const char *line, guint n_packets);
void       adit_leak_count      (AditLeak *self, guint n_tried);
void       adit_leak_count_seen (AditLeak *self, guint n_seen);
void       adit_leak_expect_shut (AditLeak *self, const char *what);
void       adit_leak_expect_passed (AditLeak *self, const AditLeakPacket *packets, gsize n_packets);
void       adit_leak_allow_also (AditLeak *self, const char *const *keys);
void       adit_leak_expect_open (AditLeak *self, const char *what);

void       adit_leak_try_packets (AditLeak *self, const AditLeakPacket *packets, gsize n_packets);

G_END_DECLS
