/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tls-speaker.h: a TLS server on loopback with a certificate of its own that answers whatever it is told to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TlsSpeaker TlsSpeaker;

TlsSpeaker *tls_speaker_new          (const char *name);
void        tls_speaker_free         (TlsSpeaker *self);
guint16     tls_speaker_get_port     (TlsSpeaker *self);
const char *tls_speaker_get_pin      (TlsSpeaker *self);
void        tls_speaker_set_answer   (TlsSpeaker *self, const char *answer, guint n_repeats);
char       *tls_speaker_take_request (TlsSpeaker *self, guint *n_connections);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsSpeaker, tls_speaker_free)

G_END_DECLS
