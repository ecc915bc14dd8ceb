/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answer.h: what the helper's methods answer, as values. */
#pragma once

#include <gio/gunixfdlist.h>
#include "client/model/profile-facts.h"
#include "client/model/server-list.h"

G_BEGIN_DECLS

/* One row of GetAccounts.  Words are never NULL: "" is "not told". */
typedef struct
{
  char    *id, *service, *service_name, *device_name;
  gboolean current, mine;
  gint64   expires_at_s, checked_at_s;    /* UTC; 0 is "the service does not say" and "never" */
  char    *plan;            /* "": the service does not say */
  guint32  device_limit;    /* 0: it does not say */
  gboolean is_inactive;     /* it ended, or was never paid */
  gboolean is_renewed;      /* it goes on by itself */
  gboolean has_multihop;    /* somebody can go in at one place and out at another */
  gint64   key_age_s;       /* -1: not known */
  gint64   key_changes_at_s;    /* UTC; 0: never */
  char    *key_error;       /* nick of why the last change failed; "": it did not */
} AditAccountRow;

/* One row of GetProfiles. */
typedef struct
{
  char           *id, *name;
  AditProfileKind kind;
  guint32         n_servers, n_resolvers;    /* without resolvers of its own a server may still bring some */
  char          **asks;           /* what a person is asked before a connection */
  char          **takes;          /* what a login can say, also in the place of what the file holds */
  gboolean        needs_names, is_whole, mine;
  gint64          imported_at_s;
} AditProfileRow;

AditAccountRow *adit_account_row_new_from_variant (GVariant *dict);
void            adit_account_row_free             (AditAccountRow *self);
GPtrArray      *adit_answer_read_accounts         (GVariant *answer, GError **error);
void            adit_profile_row_free             (AditProfileRow *self);
GPtrArray      *adit_answer_read_profiles         (GVariant *answer, GError **error);
GBytes         *adit_answer_read_file             (GVariant *answer, guint child, GUnixFDList *fds, gsize max_bytes,
                                                   GError **error);
AditServerList *adit_answer_open_list             (GVariant *answer, GUnixFDList *fds, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditAccountRow, adit_account_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditProfileRow, adit_profile_row_free)

G_END_DECLS
