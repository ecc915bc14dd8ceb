/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad.h: what the files of Mullvad's adapter know of each other: what goes out with a step, and what its answer does. */
#pragma once

#include "client/provider/json.h"
#include "client/provider/provider.h"

G_BEGIN_DECLS

#define ADIT_MULLVAD_ANSWER_MAX_BYTES 65536    /* five devices are below 2 KiB */
#define ADIT_MULLVAD_CODE_MAX_BYTES   64

/* mullvad-answer.c */
gboolean    adit_mullvad_read_code         (const AditHttpAnswer *answer, char code[ADIT_MULLVAD_CODE_MAX_BYTES], GError **error);
gboolean    adit_mullvad_refuse            (const AditHttpAnswer *answer, const char *code, GError **error);
gboolean    adit_mullvad_take_exit         (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_api          (AditProviderTask *task, AditJson *root, GError **error);

/* mullvad-account.c */
AditSecret *adit_mullvad_read_number       (AditSecret *typed, GError **error);
AditSecret *adit_mullvad_read_voucher      (AditSecret *typed, GError **error);
AditSecret *adit_mullvad_write_number      (const AditProviderTask *task);
AditSecret *adit_mullvad_write_voucher     (const AditProviderTask *task);
gboolean    adit_mullvad_take_token        (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_account      (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_new_account  (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_spent        (AditProviderTask *task, AditJson *root, GError **error);

/* mullvad-devices.c */
gboolean    adit_mullvad_is_device_id      (const char *id);
AditSecret *adit_mullvad_write_device      (const AditProviderTask *task);
AditSecret *adit_mullvad_write_key         (const AditProviderTask *task);
gboolean    adit_mullvad_take_new_device   (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_found_device (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_device       (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_new_key      (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_known_key    (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mullvad_take_devices      (AditProviderTask *task, AditJson *root, GError **error);

G_END_DECLS
