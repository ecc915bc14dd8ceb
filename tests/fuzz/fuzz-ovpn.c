/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-ovpn.c: any bytes as somebody's OpenVPN file: what openvpn is told is of a fixed grammar, whatever they are, and to read
 * it gives nothing new.  Bytes behind a zero byte are a second file that the first one may name. */
#include <string.h>

#include "client/worker/ovpn-read.h"
#include "client/worker/ovpn-write-file.h"
#include "client/worker/ovpn-write.h"
#include "tests/fuzz/ovpn-grammar.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_report (const AditImportReport *report)
{
  gboolean fatal = FALSE;

  g_assert_cmpuint (report->notes->len, <=, ADIT_IMPORT_MAX_NOTES);
  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);

      fatal |= note->fatal;
      g_assert_true (note->reason < ADIT_N_IMPORT_REASONS && note->sentence != NULL && g_str_is_ascii (note->option));
    }
  for (guint i = 0; i < report->wanted->len; i++)
    {
      const AditImportWanted *wanted = &g_array_index (report->wanted, AditImportWanted, i);

      fatal |= wanted->required;
      g_assert_true (wanted->name[0] != '\0' && strchr (wanted->name, '/') == NULL);
    }
  g_assert_true (fatal == report->failed || report->n_more > 0);
}

static AditSecret *
write_remote (const AditOpenvpnProfile *profile, guint n)
{
  AditOvpnLaunch launch = { .remote = n, .device = OVPN_GRAMMAR_DEVICE, .management_path = OVPN_GRAMMAR_SOCKET };
  const AditOpenvpnRemote *remote = &profile->remotes[n];
  g_autoptr (GError) error = NULL;
  AditSecret *text;

  launch.remote_address = remote->host.address;
  if (remote->host.name[0] != '\0')
    g_assert_true (adit_address_parse (remote->family == ADIT_FAMILY_IPV6 ? "2001:db8::1" : "192.0.2.1", &launch.remote_address));
  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    g_assert_true (adit_address_parse ("192.0.2.2", &launch.proxy_address));
  text = adit_ovpn_write (profile, &launch, &error);
  g_assert_no_error (error);
  return text;
}

/* What stands before the filters, without the two lines that are there when the file does not have them: a second time they would
 * be the file's. */
static char *
dup_first_part (const char *bytes, const char *filters)
{
  static const char *const ours[] = { "\nrcvbuf ", "\nexplicit-exit-notify " };
  GString *part = g_string_new_len (bytes, filters - bytes);

  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    {
      const char *line = strstr (part->str, ours[i]);

      if (line != NULL)
        g_string_erase (part, line - part->str, (gssize) (strchr (line + 1, '\n') - line));
    }
  return g_string_free (part, FALSE);
}

/* What we write is a client's file, too, but for filters, which are ours; read again it is written as before. */
static void
check_again (AditSecret *text, gboolean block_ipv6)
{
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  gsize length, length_again;
  const guint8 *bytes = adit_secret_peek (text, &length), *bytes_again;
  const char *filters = strstr ((const char *) bytes, "pull-filter "), *remote = strstr ((const char *) bytes, "remote ");
  g_autofree char *first = dup_first_part ((const char *) bytes, filters), *plain = g_strconcat (first, remote, NULL);
  const AditImportFile file = { "again", (const guint8 *) plain, strlen (plain) };
  g_autoptr (AditOpenvpnProfile) profile = adit_ovpn_read (&file, NULL, 0, report);
  g_autoptr (AditSecret) again = NULL;

  if (profile == NULL)
    {
      g_printerr ("not read again: %s\n", bytes);
      g_assert_not_reached ();
    }
  profile->block_ipv6 = block_ipv6;
  again = write_remote (profile, 0);
  bytes_again = adit_secret_peek (again, &length_again);
  g_assert_cmpmem (bytes, length, bytes_again, length_again);
}

/* What is kept stands alone, and is read as the same values. */
static void
check_kept (const AditOpenvpnProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_ovpn_write_file (profile, &error);
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditOpenvpnProfile) again = NULL;
  AditImportFile file = { .name = "kept" };

  g_assert_no_error (error);
  file.bytes = adit_secret_peek (text, &file.length);
  again = adit_ovpn_read (&file, NULL, 0, report);
  g_assert_true (again != NULL && adit_openvpn_profile_equal (profile, again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *zero = size > 0 ? memchr (data, 0, size) : NULL;
  gsize length = zero != NULL ? (gsize) (zero - data) : size;
  /* Copies of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *first = g_memdup2 (data, length), *second = zero != NULL ? g_memdup2 (zero + 1, size - length - 1) : NULL;
  const AditImportFile file = { "file.ovpn", first, length }, other = { "other", second, zero != NULL ? size - length - 1 : 0 };
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditOpenvpnProfile) profile = adit_ovpn_read (&file, &other, 1, report);

  check_report (report);
  g_assert_true ((profile == NULL) == report->failed);
  if (profile != NULL)
    check_kept (profile);
  for (guint i = 0; profile != NULL && i < profile->n_remotes; i++)
    {
      g_autoptr (AditSecret) text = write_remote (profile, i);
      gsize text_length;
      const char *bytes = (const char *) adit_secret_peek (text, &text_length);
      g_autofree char *fault = ovpn_grammar_find_fault (bytes, text_length);

      g_assert_cmpstr (fault, ==, NULL);
      check_again (text, profile->block_ipv6);
    }
  return 0;
}
