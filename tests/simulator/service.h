/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.h: what each simulated service brings along; simulator.c knows no more of it. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  void      (*open)              (const char *exit_key);
  void      (*handle)            (SoupServerMessage *message);
  void      (*refuse)            (SoupServerMessage *message, guint status, const char *code);    /* in its own words */
  char     *(*dup_loggable_path) (const char *path);    /* without what is its customers' business */
} Service;

extern const Service service_ivpn, service_mullvad, service_mysterium, service_ovpn, service_reports;

G_END_DECLS
