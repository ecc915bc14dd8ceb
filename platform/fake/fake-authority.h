/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-authority.h: an authority that answers what a test told it; for unit tests only. */
#pragma once

#include "platform/authority.h"
#include "platform/fake/fake-calls.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FAKE_AUTHORITY (adit_fake_authority_get_type ())
G_DECLARE_FINAL_TYPE (AditFakeAuthority, adit_fake_authority, ADIT, FAKE_AUTHORITY, GObject)

AditFakeAuthority *adit_fake_authority_new       (GPtrArray *log);
void               adit_fake_authority_deny      (AditFakeAuthority *self, const char *action);
void               adit_fake_authority_allow     (AditFakeAuthority *self, const char *action);
void               adit_fake_authority_fail_next (AditFakeAuthority *self, const char *call, const GError *error);

G_END_DECLS
