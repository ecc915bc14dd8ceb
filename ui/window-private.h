/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-private.h: what window.c shows and window-actions.c acts upon. */
#pragma once

#include "ui/accounts-page.h"
#include "ui/banner.h"
#include "ui/home-page.h"
#include "ui/places-page.h"
#include "ui/settings-window.h"
#include "ui/sign-in-page.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _AditWindow
{
  AdwApplicationWindow parent_instance;
  AditMirror     *mirror;
  AdwLeaflet     *leaflet;
  AditPlacesPage *places;
  GtkWidget      *separator;
  AdwHeaderBar   *header;
  AditBanner     *banner;
  GtkStack       *stack;
  AditHomePage   *home;
  GtkWidget      *back;       /* from signing in, for whoever need not */
  AditSignInPage *sign_in;    /* (nullable): made when somebody has to sign in */
  AditAccountsPage *accounts; /* (nullable): made when somebody wants to see it */
  gboolean        wants_sign_in;      /* although there is something to connect with */
  guint           n_accounts;         /* when that was wished: one more means that it is done */
  gboolean        wants_accounts;
  gboolean        wants_diagnosis;
  gboolean        wants_reports;
  char           *wanted_report;      /* (nullable): to be shown as soon as it is known */
  GtkWindow      *report;             /* (nullable): about one */
  gboolean        has_looked;         /* whether there is a new one */
  AditWindowWant  want;               /* until it can be done */
  guint           want_source;        /* when it is not done by then */
  AditPlace       wanted_place;       /* with that one */
  GStrv           wanted_files;       /* (nullable): to be imported as soon as there is a helper */
  char           *login_profile;      /* (nullable): connected with, and not yet known whether its server takes the login */
  guint32         login_revision;     /* of the status when that was wished */
};

/* window-want.c */
void adit_window_follow_want     (AditWindow *self);

void adit_window_install_actions (GtkWidgetClass *widget_class);
void adit_window_enable_actions  (AditWindow *self);

/* window.c */
void adit_window_show_page       (AditWindow *self);
void adit_window_show_problem    (AditWindow *self);

/* window-portal.c */
void adit_window_show_portal     (AditWindow *self);

/* window-diagnosis.c */
void adit_window_show_diagnosis  (AditWindow *self);
void adit_window_open_diagnosis  (AditWindow *self);
void adit_window_show_way_out    (AditWindow *self);

/* window-reports.c */
void adit_window_show_reports    (AditWindow *self);
void adit_window_open_reports    (AditWindow *self);
void adit_window_follow_reports  (AditWindow *self);
void adit_window_report_problem  (AditWindow *self);

/* window-accounts.c */
void adit_window_show_sign_in    (AditWindow *self);
void adit_window_show_accounts   (AditWindow *self);
void adit_window_open_accounts   (AditWindow *self);
void adit_window_add_account     (AditWindow *self);
void adit_window_sign_in_again   (AditWindow *self, const char *id);
void adit_window_sign_out        (AditWindow *self);

/* window-profiles.c */
void adit_window_enable_drop     (AditWindow *self);
void adit_window_choose_files    (AditWindow *self);
void adit_window_paste           (AditWindow *self);
void adit_window_import_wanted   (AditWindow *self);
void adit_window_connect         (AditWindow *self);
void adit_window_follow_login    (AditWindow *self);
void adit_window_log_in          (AditWindow *self);
void adit_window_answer          (AditWindow *self);
void adit_window_do_with_profile (AditWindow *self, const char *action, const char *id);

G_END_DECLS
