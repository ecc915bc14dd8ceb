/* SPDX-License-Identifier: GPL-2.0-or-later */
/* banner.h: says the most pressing problem above the page, with its way out. */
#pragma once

#include <adwaita.h>
#include "ui/problem.h"

G_BEGIN_DECLS

#define ADIT_TYPE_BANNER (adit_banner_get_type ())
G_DECLARE_FINAL_TYPE (AditBanner, adit_banner, ADIT, BANNER, AdwBin)

void adit_banner_show_problem (AditBanner *self, const AditProblem *problem);

G_END_DECLS
