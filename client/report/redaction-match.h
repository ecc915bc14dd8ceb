/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redaction-match.h: what the finders of redaction see, and what they answer.  Each looks at one place only, and never further
 * than a bound, unless it takes all that it has looked at: so the whole stays linear. */
#pragma once

#include <string.h>

#include "client/report/redaction.h"

G_BEGIN_DECLS

typedef struct
{
  const char               *text;      /* the whole, with a zero byte behind */
  gsize                     length, at;
  const GString            *out;       /* what stands before: already redacted, as a reader of the answer finds it */
  const AditRedactionIndex *index;     /* or NULL */
} AditRedactionPlace;

/* How many bytes from here on are to go, and as what; 0 for none. */
typedef gsize (*AditRedactionFind) (const AditRedactionPlace *place, AditRedactionKind *kind);

gsize adit_redaction_find_pem      (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_url      (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_email    (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_labelled (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_word     (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_path     (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_ipv6     (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_hardware (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_ipv4     (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_digits   (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_ivpn     (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_run      (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_server   (const AditRedactionPlace *place, AditRedactionKind *kind);
gsize adit_redaction_find_host     (const AditRedactionPlace *place, AditRedactionKind *kind);

/* Whether a path begins here that is somebody's home. */
gboolean adit_redaction_is_home    (const AditRedactionPlace *place);

/* Valid UTF-8 that can be shown; for the finders with the digits of all scripts, and wide letters, as those of ASCII. */
GString *adit_redaction_take_plain (const char *text, gsize length, gboolean with_ascii);

/* The byte before, 0 at the beginning. */
static inline char
adit_redaction_before (const AditRedactionPlace *place)
{
  return place->out->len > 0 ? place->out->str[place->out->len - 1] : '\0';
}

/* Whether a word may begin here.  "%3D" and "\n" written out end in a letter and are none of a word. */
static inline gboolean
adit_redaction_is_start (const AditRedactionPlace *place)
{
  const char *out = place->out->str;
  gsize n = place->out->len;

  return n == 0 || !g_ascii_isalnum (out[n - 1]) || (n >= 2 && out[n - 2] == '\\') ||
         (n >= 3 && out[n - 3] == '%' && g_ascii_isxdigit (out[n - 2]) && g_ascii_isxdigit (out[n - 1]));
}

static inline gboolean
adit_redaction_ends_with (const AditRedactionPlace *place, const char *ending)
{
  gsize length = strlen (ending);

  return place->out->len >= length && memcmp (place->out->str + place->out->len - length, ending, length) == 0;
}

G_END_DECLS
