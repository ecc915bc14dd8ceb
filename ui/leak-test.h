/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-test.h: can a question for a name leave beside the tunnel?  A pure function of what the helper tells; nobody is asked. */
#pragma once

#include "client/api/status.h"

G_BEGIN_DECLS

typedef enum { ADIT_LEAK_NONE = 0, ADIT_LEAK_DOUBT, ADIT_LEAK_OPEN } AditLeakResult;

#define ADIT_LEAK_N_CHECKS 4

/* One thing that was looked at. */
typedef struct
{
  AditLeakResult result;
  const char    *title;
  char          *text;
} AditLeakCheck;

typedef struct
{
  AditLeakResult result;
  char          *verdict;      /* what comes of all of it */
  AditLeakCheck  checks[ADIT_LEAK_N_CHECKS];
} AditLeakTest;

void adit_leak_test_run   (AditLeakTest *self, const AditStatus *status, GVariant *diagnostics, const char *const *own);
void adit_leak_test_clear (AditLeakTest *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditLeakTest, adit_leak_test_clear)

G_END_DECLS
