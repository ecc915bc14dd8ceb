/* SPDX-License-Identifier: GPL-2.0-or-later */
/* book.h: what a simulated service remembers: tokens, and the keys that its customers have registered. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char    *id, *owner, *key;    /* the key in base64 */
  guint    number;              /* its addresses inside the tunnel come from this */
  gint64   created_s;           /* Unix time */
  char    *told_key;            /* (nullable): by which the exit knows it */
  guint    spread_source;       /* a new one is on its way there */
} BookDevice;

/* The device's addresses with prefixes, separated by commas. */
typedef char *(*BookAddresses) (const BookDevice *device);

void        book_open              (BookAddresses dup_addresses);
char       *book_add_token         (const char *prefix, const char *owner, guint lifetime_ms);
const char *book_find_token        (const char *token);
GPtrArray  *book_list_tokens       (const char *owner);
void        book_remove_token      (const char *token);
void        book_remove_tokens     (const char *owner);
GPtrArray  *book_list_devices      (const char *owner);
BookDevice *book_find_key          (const char *key);
BookDevice *book_add_device        (const char *owner, const char *key);
void        book_add_stranger      (const char *owner, guint8 number);
void        book_set_device_key    (BookDevice *device, const char *key);
void        book_remove_device     (BookDevice *device);
void        book_remove_devices_of (const char *owner);
void        book_remove_devices    (void);

G_END_DECLS
