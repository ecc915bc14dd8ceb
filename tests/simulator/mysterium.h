/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium.h: the parts of the simulated Mysterium (the hosted one): its users, its places, and ways to sign in. */
#pragma once

#include <jansson.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

#define MYSTERIUM_API "/api/v1"

typedef struct
{
  const char *email;
  gboolean    active, paused, residential;
  guint       limit, strangers;    /* devices; how many of these are others' */
} MysteriumUser;

/* service-mysterium.c */
void                 mysterium_refuse           (SoupServerMessage *message, guint status, const char *code);
const char          *mysterium_get_user         (SoupServerMessage *message);

/* mysterium-users.c */
void                 mysterium_users_open       (void);
const MysteriumUser *mysterium_users_find       (const char *email);
void                 mysterium_users_handle     (SoupServerMessage *message, const char *email, gboolean plan);

/* mysterium-sign-in.c */
void                 mysterium_sign_in_open     (void);
gboolean             mysterium_sign_in_handle   (SoupServerMessage *message);

/* mysterium-connection.c */
gboolean             mysterium_connection_handle (SoupServerMessage *message, const char *what, const char *email,
                                                  const char *exit_key);

G_END_DECLS
