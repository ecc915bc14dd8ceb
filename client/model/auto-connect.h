/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auto-connect.h: whether the computer connects by itself to where it was last, and when. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_AUTO_CONNECT_OFF = 0,
  ADIT_AUTO_CONNECT_BOOT,     /* when the computer starts: before anybody logs in */
  ADIT_AUTO_CONNECT_LOGIN,    /* when the account's owner logs in to a desktop */
  ADIT_N_AUTO_CONNECTS
} AditAutoConnect;

#define ADIT_AUTO_CONNECT_NAME "auto-connect"

char   **adit_auto_connect_dup_texts (AditAutoConnect when);
gboolean adit_auto_connect_set_texts (AditAutoConnect *when, const char *const *texts, GError **error);

G_END_DECLS
