/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sidecar.h: a receiver of reports that is not ours, spotlight's, and Sentry's own reader; both where fetch-sentry got them. */
#pragma once

#include <jansson.h>
#include "tests/lab/world.h"

G_BEGIN_DECLS

#define ADIT_SIDECAR_HOST "sidecar.lab.example"
#define ADIT_SIDECAR_PORT 8443    /* the usual one is the services', who listen everywhere */
#define ADIT_SIDECAR_DSN  "https://0123456789abcdef0123456789abcdef@" ADIT_SIDECAR_HOST ":" G_STRINGIFY (ADIT_SIDECAR_PORT) "/1"

const char *adit_sidecar_find  (void);
gboolean    adit_sidecar_start (GError **error);
json_t     *adit_sidecar_list  (void);
json_t     *adit_sidecar_find_event (json_t *list, const char *id);
json_t     *adit_sidecar_read_envelope (const char *path, GError **error);

G_END_DECLS
