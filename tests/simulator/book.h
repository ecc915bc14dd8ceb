/* SPDX-License-Identifier: GPL-2.0-or-later */
/* book.h: what the simulated service remembers: accounts, tokens and devices. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char  *id, *account, *key;    /* the key in base64 */
  guint  number;                /* its addresses inside the tunnel come from this */
  gint64 created_s;             /* Unix time */
} BookDevice;

void        book_open             (void);
char       *book_add_account      (void);
gboolean    book_has_account      (const char *account);
gint64      book_get_expiry_s     (const char *account);
char       *book_add_token        (const char *account, guint lifetime_ms);
const char *book_find_token       (const char *token);
GPtrArray  *book_list_devices     (const char *account);
gboolean    book_has_key          (const char *key);
BookDevice *book_add_device       (const char *account, const char *key);
void        book_set_device_key   (BookDevice *device, const char *key);
void        book_remove_device    (BookDevice *device);
void        book_remove_devices   (void);
char       *book_dup_address4     (const BookDevice *device);
char       *book_dup_address6     (const BookDevice *device);

G_END_DECLS
