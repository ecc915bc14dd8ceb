/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.h: the links by which a packet could leave this computer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Counted. */
typedef struct
{
  char   **names;      /* in alphabetic order */
  char   **guests;     /* those of them behind which only guests of this computer are */
  gboolean has_ppp;    /* somebody dials in: the tunnel of PPP over Ethernet is in use */
} AditLinks;

AditLinks *adit_links_read               (GError **error);
AditLinks *adit_links_ref                (AditLinks *self);
void       adit_links_unref              (AditLinks *self);
gboolean   adit_links_equal              (const AditLinks *a, const AditLinks *b);
char      *adit_links_dup_stamp          (void);
GHashTable *adit_links_list_uplinks      (GError **error);
GHashTable *adit_links_list_bridged      (GError **error);
gboolean   adit_links_kind_is_guests     (const char *kind);
gboolean   adit_links_silence_unwritable (GError **error);

struct nlattr;
const char *adit_links_read_kind (const struct nlattr *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLinks, adit_links_unref)

G_END_DECLS
