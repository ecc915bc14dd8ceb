/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv-conf.h: the text of a resolver file, and how one is swapped for another so that every step can be taken back. */
#pragma once

#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_RESOLV_CONF_ABSENT = 0,
  ADIT_RESOLV_CONF_OURS,       /* begins with our first line */
  ADIT_RESOLV_CONF_FOREIGN,    /* anything else: a file, a link, a dangling link */
} AditResolvConfKind;

typedef struct
{
  int   directory_fd;
  char *name;           /* "resolv.conf" */
  char *backup;         /* "resolv.conf.before-adit": the former file itself */
  char *absence;        /* "resolv.conf.none-before-adit": there was none */
} AditResolvConf;

char    *adit_resolv_conf_dup_text (const AditAddress *servers, guint n_servers, const char *former);
gboolean adit_resolv_conf_names_only (const char *text, const AditAddress *servers, guint n_servers);

gboolean adit_resolv_conf_open     (AditResolvConf *self, const char *path, GError **error);
void     adit_resolv_conf_close    (AditResolvConf *self);
char    *adit_resolv_conf_read     (AditResolvConf *self, AditResolvConfKind *kind);
gboolean adit_resolv_conf_is_by_resolvconf (AditResolvConf *self);
gboolean adit_resolv_conf_replace  (AditResolvConf *self, const char *text, GError **error);
gboolean adit_resolv_conf_restore  (AditResolvConf *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditResolvConf, adit_resolv_conf_close)

G_END_DECLS
