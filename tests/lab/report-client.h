/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-client.h: what somebody does with reports, as root, whose are all; it aborts where the helper does not obey. */
#pragma once

#include <gio/gio.h>
#include "tests/lab/world.h"

G_BEGIN_DECLS

#define REPORT_SOON_MS 60000    /* on a computer that has much else to do */

void     report_client_open       (AditWorld *world);
void     report_client_close      (void);

char    *report_client_add_problem (const char *words, const char *contact);
char    *report_client_add_crash   (const char *note_file, const char *program);
void     report_client_send        (const char *id);
void     report_client_delete      (const char *id);
void     report_client_set_server  (const char *dsn, const char *pin);
void     report_client_set_consent (const char *consent);

guint    report_client_count      (void);
char    *report_client_wait_new   (const char *program);
char    *report_client_dup_state  (const char *id, gint64 *next_try_s);
void     report_client_expect     (const char *id, const char *state, const char *reason);
char    *report_client_dup_text   (const char *id);
int      report_client_crash_helper (int signal_number);
void     report_client_begin_hour (void);
void     report_client_be_patient (const char *id);

G_END_DECLS
