/* SPDX-License-Identifier: GPL-2.0-or-later */
/* receiver.h: the lab's server for reports (tests/simulator/service-reports.c), and what it has received. */
#pragma once

#include <jansson.h>
#include "tests/lab/world.h"

G_BEGIN_DECLS

#define ADIT_RECEIVER_HOST    "reports.lab.example"
#define ADIT_RECEIVER_KEY     "0123456789abcdef0123456789abcdef"
#define ADIT_RECEIVER_PROJECT "7"
#define ADIT_RECEIVER_DSN     "https://" ADIT_RECEIVER_KEY "@" ADIT_RECEIVER_HOST "/" ADIT_RECEIVER_PROJECT

/* What its fault "huge" answers with, and what of that may go before the connection ends: the kernels of both sides keep up to
 * 10 MB for who is slow (tcp_wmem, tcp_rmem). */
#define ADIT_RECEIVER_HUGE_BYTES     (50u << 20)
#define ADIT_RECEIVER_HUGE_MAX_BYTES (16u << 20)

#define ADIT_RECEIVER_FORGED_ID "0123456789abcdef0123456789abcdef"

typedef enum
{
  ADIT_RECEIVER_TRUSTED,
  ADIT_RECEIVER_OTHER_KEY,      /* trusted, but not what a pin is of */
  ADIT_RECEIVER_OTHER_NAME,     /* signed by whom the computer trusts, for another host */
  ADIT_RECEIVER_STRANGER,       /* signed by itself */
  ADIT_RECEIVER_N_CERTIFICATES
} AditReceiverCertificate;

void       adit_receiver_begin      (void);
gboolean   adit_receiver_make       (GError **error);
gboolean   adit_receiver_make_certificate (const char *name, const char *host, gboolean trusted, GError **error);
gboolean   adit_receiver_start      (AditReceiverCertificate certificate, GError **error);
void       adit_receiver_stop       (void);
void       adit_receiver_set_fault  (const char *fault);
void       adit_receiver_announce   (const char *dsn, const char *pin);
char      *adit_receiver_dup_pin    (void);

GPtrArray *adit_receiver_list       (void);
guint      adit_receiver_count      (guint *arrivals);
guint      adit_receiver_count_arrivals (void);
json_t    *adit_receiver_load       (const char *id);
json_t    *adit_receiver_get_event  (json_t *received);
const char *adit_receiver_find_function (json_t *event);
char      *adit_receiver_dup_path   (const char *id);
char      *adit_receiver_dup_refused (void);
gsize      adit_receiver_wait_taken (void);
gsize      adit_receiver_forge      (const char *words);
gsize      adit_receiver_forge_bytes (const char *bytes, const char *option);
void       adit_receiver_forget     (void);

G_END_DECLS
