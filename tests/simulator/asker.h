/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asker.h: simulated services on loopback, each started when it is first wanted, and a plain libsoup client that asks them. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  SoupMessage *message;    /* with its status and headers */
  char  *text;
  gsize  length;
  gint64 took_ms;
} Answer;

void        asker_open         (void);
void        asker_close        (void);
void        asker_use          (const char *service);
guint       asker_get_port     (void);
void        asker_set_token    (const char *token);
void        asker_set_header   (const char *name, const char *value);

Answer     *ask                (const char *method, const char *path, const char *body, const char *etag, guint timeout_s);
Answer     *ask_with           (const char *path, const char *const *headers, const char *type, GBytes *body);
void        answer_free        (Answer *answer);
guint       answer_get_status  (Answer *answer);
const char *answer_get_header  (Answer *answer, const char *name);
char       *answer_dup_member  (Answer *answer, const char *name);

void        expect             (const char *method, const char *path, const char *body, const char *etag, guint wanted,
                                const char *part);
void        expect_nothing     (const char *path);
void        expect_said        (const char *prefix, guint8 number, const char *rest);
void        expect_lost        (const guint8 *numbers, guint n_numbers);
void        set_fault          (const char *text);
char       *make_key           (guint8 number);
char       *dup_log            (void);

void        test_ivpn_add      (void);
void        test_mullvad_add   (void);
void        test_mysterium_add (void);
void        test_ovpn_add      (void);
void        test_reports_add   (void);
void        test_wrong_add     (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

G_END_DECLS
