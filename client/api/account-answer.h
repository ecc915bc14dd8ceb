/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-answer.h: what the helper's methods about an account at its service answer, as values. */
#pragma once

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* One row of GetDevices.  Words are never NULL. */
typedef struct
{
  char    *id, *name;        /* "" where the service has no name for it */
  gint64   created_at_s;     /* UTC; 0: the service does not say */
  gboolean is_ours;
} AditDeviceRow;

typedef enum
{
  ADIT_SIGN_IN_ASKS_NOTHING = 0,    /* or what only a newer program knows */
  ADIT_SIGN_IN_ASKS_CAPTCHA,
  ADIT_SIGN_IN_ASKS_CODE,
  ADIT_SIGN_IN_ASKS_BROWSER,
} AditSignInAsks;

/* What GetSignInQuestion answers. */
typedef struct
{
  AditSignInAsks kind;
  char    *service, *text;    /* @text: the service's words, or the address to open; "" where it has none */
  gboolean was_wrong;         /* the last answer */
  GBytes  *picture;           /* (nullable): bytes that nobody has looked into */
} AditSignInQuestion;

#define ADIT_SIGN_IN_PICTURE_MAX_BYTES (128 * 1024)    /* what the helper hands on of one */

void                adit_device_row_free           (AditDeviceRow *self);
GPtrArray          *adit_answer_read_devices       (GVariant *answer, GError **error);
void                adit_sign_in_question_free     (AditSignInQuestion *self);
AditSignInQuestion *adit_answer_read_question      (GVariant *answer, GUnixFDList *fds, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditDeviceRow, adit_device_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditSignInQuestion, adit_sign_in_question_free)

G_END_DECLS
