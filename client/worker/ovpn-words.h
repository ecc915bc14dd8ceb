/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-words.h: one line of an OpenVPN file as its words. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_OVPN_LINE_MAX_BYTES 256    /* with its end and a zero byte: options.h, OPTION_LINE_SIZE */
#define ADIT_OVPN_MAX_WORDS      16     /* OpenVPN drops what is beyond: options.h, MAX_PARMS */

typedef struct
{
  const char *words[ADIT_OVPN_MAX_WORDS + 1];    /* the last is NULL; they live in the field below */
  guint       n_words;                           /* 0: nothing but blanks and a comment */
  gboolean    opens_block;                       /* the one word is a block's name */
  gboolean    closes_block;
  char        text[ADIT_OVPN_LINE_MAX_BYTES + ADIT_OVPN_MAX_WORDS];
} AditOvpnWords;

gboolean adit_ovpn_words_split (AditOvpnWords *self, const char *line, const char **sentence);

G_END_DECLS
