/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-page-private.h: what sign-in-page.c shows and sign-in-attempt.c asks. */
#pragma once

#include "ui/new-number.h"
#include "ui/sign-in-asker.h"
#include "ui/sign-in-form.h"
#include "ui/sign-in-full.h"
#include "ui/sign-in-page.h"

G_BEGIN_DECLS

struct _AditSignInPage
{
  AdwBin            parent_instance;
  AditMirror       *mirror;
  AdwBin           *step;
  GtkLabel         *promise;    /* to whoever is new */
  AditSignInForm   *form;       /* owned, as the next three: one of them is the step */
  AditSignInAsker  *asker;
  AditSignInFull   *full;
  AditNewNumber *number;
  guint             attempt;    /* answers to older ones are dropped */
  gboolean          busy, force;
  guint             poll, n_polls;
};

gboolean adit_sign_in_page_is_at        (AditSignInPage *self, gpointer step);
void     adit_sign_in_page_go_to        (AditSignInPage *self, gpointer step);
void     adit_sign_in_page_set_busy     (AditSignInPage *self, gboolean busy);
void     adit_sign_in_page_show_problem (AditSignInPage *self, const GError *error);
void     adit_sign_in_page_finish       (AditSignInPage *self);

/* sign-in-attempt.c */
void     adit_sign_in_page_begin        (AditSignInPage *self, gboolean force);
void     adit_sign_in_page_answer       (AditSignInPage *self);
void     adit_sign_in_page_create       (AditSignInPage *self);

/* sign-in-scan.c */
void     adit_sign_in_page_scan         (AditSignInPage *self);

G_END_DECLS
