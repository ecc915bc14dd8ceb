/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.h: what the helper says of the session, as one value. */
#pragma once

#include <glib.h>
#include "client/base/error.h"
#include "client/model/notice.h"
#include "client/model/state.h"

G_BEGIN_DECLS

/* Words are never NULL: "" is "unknown or not told". */
typedef struct
{
  AditState state;
  AditReason reason;        /* ADIT_REASON_NONE unless blocked */
  gboolean has_error;
  AditError error;          /* only with has_error */
  char *detail, *account;
  char *country, *country_name, *city, *city_name, *server, *profile;
  char *entry_country, *entry_country_name, *entry_city, *entry_city_name, *entry_server;    /* where the way to that begins */
  char *exit_address;
  gint64 since_s;           /* UTC, 0 when not connected */
  char *tunnel, *lock;
  gboolean lockdown;
  char *dns_backend;
  char **dns_servers;
  char **dns_blocks;        /* what those leave out of their answers, as the service calls it */
  AditNotices notices;
  char *changed_relay;      /* one that has another key than before */
  char *endpoint, *protocol;    /* where the tunnel's packets go, and as what */
  guint32 mtu_bytes;        /* 0: not told */
  gint64 handshake_age_ms;  /* -1: there was none, or it is not told */
  char *firewall;           /* what holds the lock */
  guint64 received_bytes, sent_bytes;
  guint32 revision;
  guint32 pause_left_s;     /* until it is as before the pause; 0: it is none */
  guint32 confirm_within_s; /* until it is as before again by itself; 0: it stays */
  char *question;           /* what the server asks, in its own words: only with ADIT_REASON_ANSWER_NEEDED */
  gboolean question_echo;   /* what is typed may be seen */
} AditStatus;

AditStatus *adit_status_new_from_variant (GVariant *dict);
void        adit_status_free             (AditStatus *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditStatus, adit_status_free)

G_END_DECLS
