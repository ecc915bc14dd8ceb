/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tls-front.h: a TLS server on loopback with a certificate of its own that answers whatever it is told to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TlsFront TlsFront;

TlsFront   *tls_front_new         (const char *name);
void        tls_front_free        (TlsFront *self);
guint16     tls_front_get_port    (TlsFront *self);
const char *tls_front_get_pin     (TlsFront *self);
void        tls_front_set_answer  (TlsFront *self, const char *answer, guint n_repeats);
char       *tls_front_take_request (TlsFront *self, guint *n_connections);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsFront, tls_front_free)

G_END_DECLS
