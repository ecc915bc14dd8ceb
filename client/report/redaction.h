/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction.h: takes out of a text what points at a person, a computer or a place visited.  The second net: what is secret has
 * a type of its own and should never come here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_REDACTION_MAX_BYTES (256u << 10)    /* of one text; what is longer is cut */

typedef enum
{
  ADIT_REDACTED_ACCOUNT, ADIT_REDACTED_KEY, ADIT_REDACTED_TOKEN, ADIT_REDACTED_ADDRESS, ADIT_REDACTED_HARDWARE,
  ADIT_REDACTED_UUID, ADIT_REDACTED_HOST, ADIT_REDACTED_USER, ADIT_REDACTED_PATH, ADIT_REDACTED_NETWORK,
  ADIT_REDACTED_EMAIL, ADIT_REDACTED_SERVER,
  ADIT_REDACTED_URL, ADIT_REDACTED_TEXT,
  ADIT_N_REDACTED
} AditRedactionKind;

typedef struct { gsize start, length; AditRedactionKind kind; } AditRedactionSpan;    /* in the answer, in bytes */

typedef struct _AditRedactionIndex AditRedactionIndex;

/* What this computer and its owner are called; each a list that ends with NULL, or NULL. */
typedef struct
{
  const char *const *host_names;
  const char *const *user_names;      /* also names of accounts, devices and profiles that somebody gave */
  const char *const *home_paths;
  const char *const *network_names;   /* SSIDs */
  const AditRedactionIndex *index;    /* of all these, for many texts; NULL: it is made for each */
} AditRedactionWords;

char       *adit_redact                (const char *text, gsize length, const AditRedactionWords *words, GArray **spans);
char       *adit_redaction_dup_plain   (const char *text, gsize length);
const char *adit_redaction_kind_get_word (AditRedactionKind kind);

AditRedactionIndex *adit_redaction_index_new  (const AditRedactionWords *words);
void                adit_redaction_index_free (AditRedactionIndex *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditRedactionIndex, adit_redaction_index_free)

G_END_DECLS
