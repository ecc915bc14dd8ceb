/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-day.h: what the tests about accounts have in common: a window among all services, and how somebody signs in. */
#pragma once

#include "tests/ui/ax.h"

G_BEGIN_DECLS

/* The usual screen, in pixels. */
#define ACCOUNT_DAY_WIDTH  860
#define ACCOUNT_DAY_HEIGHT 720
#define SOON_MS    20000
#define SERVICE_MS 20000    /* until a service has answered to several requests */
#define TUNNEL_MS  30000

extern AditWorld *world;
extern AditDisplay *display;
extern AditAx *ax;

int  account_day_begin    (int *argc, char ***argv);
int  account_day_begin_in (int *argc, char ***argv, AditWorldFlags flags, guint width, guint height);
void account_day_pick     (const char *row, guint which);
int  account_day_run      (void);
void account_day_start    (void);
void account_day_shoot    (const char *name);
void account_day_choose   (guint service);
void account_day_type     (const char *title, const char *text);
void account_day_sign_in  (guint service, const char *title, const char *number);
void account_day_open     (void);
void account_day_expect   (const char *line, const char *wanted);
char *account_day_dup_pages (void);

/* As the form has them. */
enum { MULLVAD, IVPN, OVPN, MYSTERIUM };

G_END_DECLS
