/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-diagnosis.c: what the helper answers, as text: the cause first, each thing that failed with its words, strangers' names as
 * one line. */
#include "client/api/diagnosis.h"

#include <string.h>
#include "client/base/error.h"

#define BUILD "one"

static GVariant *
make_answer (const char *cause, const char *build_id)
{
  return g_variant_ref_sink (g_variant_new_parsed (
    "{'cause': <%s>, 'build_id': <%s>, 'tunnels': <['wireguard-kernel', 'openvpn']>, 'landlock_abi': <uint32 0>, 'dns': <''>,"
    " 'checks': <[('link', 'passed', ''), ('address', 'failed', 'no-address'), ('server', 'unknown', ''),"
    "             ('weather', 'failed', 'rain'), ('names', 'perhaps', '')]>,"
    " 'conflicts': <[('refuses-outgoing', 'fil\nter', 'chain <b>out</b>')]>}", cause, build_id));
}

/* Returns: where it stands */
static const char *
expect_in (const char *text, const char *part)
{
  const char *at = strstr (text, part);

  if (at == NULL)
    g_error ("no \"%s\" in:\n%s", part, text);
  return at;
}

static void
test_text (void)
{
  g_autoptr (GVariant) answer = make_answer ("no-address", BUILD);
  g_autoptr (AditDiagnosis) diagnosis = adit_diagnosis_new (answer, BUILD);
  g_autofree char *text = adit_diagnosis_dup_text (diagnosis);

  g_assert_true (g_str_has_prefix (text, "The network has not given this computer an address. Leave the network"));
  expect_in (text, "\n  Adit’s helper            passed\n");
  expect_in (text, "\n  Cable or radio           passed\n");
  expect_in (text, "\n  Address                  failed: The network has not given this computer an address.\n");
  expect_in (text, "\n  Server                   not known\n");
  expect_in (text, "\n  tunnels            wireguard-kernel, openvpn\n");
  expect_in (text, "\n  dns                -\n");
  expect_in (text, "\n  refuses-outgoing   fil?ter, chain <b>out</b>: Another firewall refuses");
  g_assert_null (strstr (text, "weather"));
  g_assert_cmpuint (diagnosis->checks->len, ==, 4);
  g_assert_null (strstr (strstr (text, "failed: ") + 1, "Leave the network"));    /* said once, above */
}

/* What is not the cause says what to do beside it. */
static void
test_other_build (void)
{
  g_autoptr (GVariant) answer = make_answer ("no-address", "another");
  g_autoptr (AditDiagnosis) diagnosis = adit_diagnosis_new (answer, BUILD);
  g_autofree char *text = adit_diagnosis_dup_text (diagnosis);

  g_assert_cmpstr (diagnosis->cause, ==, "helper-old");
  g_assert_true (g_str_has_prefix (text, "The helper that runs is of another build than this program."));
  expect_in (text, "  systemctl restart aditd\n");
  expect_in (text, "\n  Adit’s helper            failed: The helper that runs");
  expect_in (text, "Leave the network and join it again");
}

static void
test_blame (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("{'cause': <''>, 'build_id': <'one'>,"
                                                                         " 'checks': <[('names', 'passed', '')]>}"));
  g_autoptr (AditDiagnosis) diagnosis = adit_diagnosis_new (answer, BUILD);
  g_autofree char *before = adit_diagnosis_dup_text (diagnosis), *after = NULL;

  g_assert_true (g_str_has_prefix (before, "Nothing is known to be wrong.\n"));
  adit_diagnosis_blame (diagnosis, ADIT_CHECK_NAMES, ADIT_CAUSE_DNS_DEAD);
  after = adit_diagnosis_dup_text (diagnosis);
  g_assert_cmpstr (diagnosis->cause, ==, "dns-dead");
  expect_in (after, "\n  Names                    failed: The tunnel works, and whoever");
}

static void
test_nobody (void)
{
  g_autoptr (GError) missing = g_error_new (ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "Nobody\nthere");
  g_autoptr (GError) refused = g_error_new (ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "no");
  g_autoptr (AditDiagnosis) diagnosis = adit_diagnosis_new_for_error (missing);
  g_autofree char *text = adit_diagnosis_dup_text (diagnosis);

  g_assert_true (g_str_has_prefix (text, "Adit's helper is not running. "));
  expect_in (text, "  systemctl start aditd\n  (Nobody?there)\n");
  expect_in (text, "\n  Cable or radio           not known\n");
  g_assert_null (adit_diagnosis_new_for_error (refused));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/text", test_text);
  g_test_add_func ("/diagnosis/other-build", test_other_build);
  g_test_add_func ("/diagnosis/blame", test_blame);
  g_test_add_func ("/diagnosis/nobody", test_nobody);
  return g_test_run ();
}
