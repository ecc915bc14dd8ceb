/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis.h: what `adit diagnose --json` says of a computer, asked as a person would. */
#pragma once

#include <jansson.h>
#include "tests/lab/world.h"

G_BEGIN_DECLS

json_t *diagnosis_ask             (AditWorld *world, int status);
void    diagnosis_expect          (AditWorld *world, const char *cause, const char *sentence);
void    diagnosis_expect_at_once  (AditWorld *world, const char *cause);
void    diagnosis_expect_well     (AditWorld *world);
void    diagnosis_expect_conflict (AditWorld *world, const char *kind, const char *by);
void    diagnosis_expect_notice   (AditWorld *world, const char *notice, gboolean is_told);
void    diagnosis_let_fall        (const char *space, const char *rule);

G_END_DECLS
