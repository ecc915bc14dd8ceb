/* SPDX-License-Identifier: GPL-2.0-or-later */
/* device-list.h: where an account is used, and how one of these computers is removed from it. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_DEVICE_LIST (adit_device_list_get_type ())
G_DECLARE_FINAL_TYPE (AditDeviceList, adit_device_list, ADIT, DEVICE_LIST, AdwPreferencesGroup)

void adit_device_list_set_account (AditDeviceList *self, AditMirror *mirror, const char *account, guint limit);
void adit_device_list_reload      (AditDeviceList *self);

G_END_DECLS
