/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dsn.h: where reports go, as Sentry writes it: https://KEY@HOST[:PORT][/FOLDER]/PROJECT. */
#pragma once

#include "client/base/host-name.h"

G_BEGIN_DECLS

#define ADIT_DSN_MAX_BYTES         512    /* of the whole text */
#define ADIT_DSN_KEY_MAX_BYTES     65     /* servers make 32 digits */
#define ADIT_DSN_FOLDER_MAX_BYTES  65
#define ADIT_DSN_PROJECT_MAX_BYTES 21     /* what 64 bits count to */
#define ADIT_DSN_PIN_MAX_BYTES     45     /* SHA-256 in base64 */

typedef struct
{
  char    host[ADIT_HOST_NAME_MAX_BYTES];         /* lower case */
  guint16 port;                                   /* host byte order */
  char    key[ADIT_DSN_KEY_MAX_BYTES];            /* for one project; it lets in whoever has it, to send */
  char    folder[ADIT_DSN_FOLDER_MAX_BYTES];      /* "", or where the server lies in a larger one: "/sentry" */
  char    project[ADIT_DSN_PROJECT_MAX_BYTES];    /* digits */
} AditDsn;

gboolean adit_dsn_parse        (const char *text, AditDsn *dsn, GError **error);
char    *adit_dsn_dup_text     (const AditDsn *self);
gboolean adit_dsn_pin_is_valid (const char *pin, GError **error);

G_END_DECLS
