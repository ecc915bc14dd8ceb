/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doh.h: a question for a resolver as an HTTPS request, and what came back (RFC 8484).  No I/O but for the system's roots. */
#pragma once

#include "client/base/error.h"
#include "client/provider/http.h"

G_BEGIN_DECLS

void     adit_doh_init         (void);
char    *adit_doh_dup_roots    (GError **error);
void     adit_doh_fill_request (AditHttpRequest *http, const char *resolver, const guint8 *question, gsize length,
                                gsize answer_max_bytes);
gboolean adit_doh_check_answer (const AditHttpAnswer *answer, GError **error);

G_END_DECLS
