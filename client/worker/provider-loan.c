/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-loan.c: what the helper has lent for one request, as an adapter takes it. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/provider-role.h"

#include <string.h>
#include <unistd.h>

/**
 * adit_provider_draw:
 * @user_data: unused; as the choice among servers calls it
 *
 * Returns: a number by chance, from the kernel
 */
guint64
adit_provider_draw (gpointer user_data)
{
  guint64 number;

  /* Which relay is taken is nobody's to foresee; without chance nothing is taken. */
  if (getentropy (&number, sizeof number) != 0)
    g_error ("no random numbers");
  return number;
}

/* A UUID of version 4 (RFC 9562, 5.4), from the kernel and not from a seed. */
static void
make_nonce (char nonce[ADIT_PROVIDER_NONCE_MAX_BYTES])
{
  guint64 high = (adit_provider_draw (NULL) & ~G_GUINT64_CONSTANT (0xf000)) | G_GUINT64_CONSTANT (0x4000);
  guint64 low = (adit_provider_draw (NULL) & G_GUINT64_CONSTANT (0x3fffffffffffffff)) | G_GUINT64_CONSTANT (0x8000000000000000);

  g_snprintf (nonce, ADIT_PROVIDER_NONCE_MAX_BYTES, "%08x-%04x-%04x-%04x-%012" G_GINT64_MODIFIER "x", (guint) (high >> 32),
              (guint) (high >> 16) & 0xffff, (guint) high & 0xffff, (guint) (low >> 48),
              low & G_GUINT64_CONSTANT (0xffffffffffff));
}

static AditSecret *
lend (const char *text)
{
  return text[0] != '\0' ? adit_secret_new (text, strlen (text)) : NULL;
}

static const guint8 *
lend_key (const guint8 key[ADIT_WG_KEY_BYTES])
{
  static const guint8 no_key[ADIT_WG_KEY_BYTES] = { 0 };

  return memcmp (key, no_key, sizeof no_key) != 0 ? key : NULL;
}

/**
 * adit_provider_loan_clear:
 * @loan: a loan, or zeros
 *
 * Wipes what was lent.
 */
void
adit_provider_loan_clear (AditProviderLoan *loan)
{
  g_clear_pointer (&loan->credential, adit_secret_unref);
  g_clear_pointer (&loan->token, adit_secret_unref);
  g_clear_pointer (&loan->voucher, adit_secret_unref);
  g_clear_pointer (&loan->captcha, adit_secret_unref);
  g_clear_pointer (&loan->code, adit_secret_unref);
}

/**
 * adit_provider_loan_take:
 * @loan: zeros
 * @request: what the helper asks; it has to outlive the loan, which points into it
 * @want: what the adapter is going to be asked for
 */
void
adit_provider_loan_take (AditProviderLoan *loan, const AditWireRequest *request, AditProviderWant want)
{
  const AditWireAnswers *answers = &request->answers;

  loan->credential = lend (request->credential);
  loan->token = lend (request->token);
  loan->voucher = lend (answers->voucher);
  loan->captcha = lend (answers->captcha);
  loan->code = lend (answers->code);
  make_nonce (loan->nonce);
  loan->wanted = (AditProviderRequest) {
    .want = want, .credential = loan->credential, .token = loan->token, .token_expires_at_s = request->token_expires_at_s,
    .now_s = request->now_s, .device_id = request->device_id, .public_key = lend_key (request->public_key),
    /* Who signs out has no new key: the one that there is goes. */
    .old_public_key = lend_key (want == ADIT_PROVIDER_LOG_OUT ? request->public_key : answers->old_public_key),
    .is_connected = answers->is_connected != 0,
    .voucher = loan->voucher, .captcha = loan->captcha, .code = loan->code,
    .captcha_handle = answers->handle[0] != '\0' ? answers->handle : NULL, .is_forced = answers->is_forced != 0,
    .nonce = loan->nonce,
  };
}
