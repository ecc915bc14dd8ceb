/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-material.c: what is gathered for a report, and the words by which people here would be known. */
#include "client/helper/report-material.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "client/report/report.h"

static gboolean
has (const char *const *lines, const char *line)
{
  return g_strv_contains (lines, line);
}

static void
test_people (void)
{
  g_autoptr (AditReportMaterial) material = adit_report_material_new ();
  g_autofree char *path = NULL;
  static const char text[] = "I am Wilma Feuerstein, wilma, at FritzBox Feuerstein; WILMA, Mrs Feuerstein; Max Users";
  AditReportFacts facts;
  g_autofree char *redacted = NULL;
  int fd = g_file_open_tmp ("adit-passwd-XXXXXX", &path, NULL);

  close (fd);
  g_assert_true (g_file_set_contents (path, "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
                                            "wilma:x:1000:1000:Wilma Feuerstein,Room 7,,:/srv/wilma:/bin/bash\n"
                                            "live:x:1001:1001:Debian Live User Al,,,:/srv/live:/bin/bash\n"
                                            "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n", -1, NULL));
  adit_report_material_add_people (material, path);
  adit_report_material_add (material, ADIT_MATERIAL_NETWORKS, "FritzBox");
  adit_report_material_add (material, ADIT_MATERIAL_NETWORKS, "FritzBox Feuerstein");
  adit_report_material_get_facts (material, "id", -1, &facts);
  g_assert_true (has (facts.redact.user_names, "wilma"));
  g_assert_true (has (facts.redact.user_names, "Wilma Feuerstein"));
  g_assert_true (has (facts.redact.user_names, "Room 7"));
  g_assert_true (has (facts.redact.home_paths, "/srv/wilma"));
  /* What all computers have would only be missed in the text. */
  g_assert_false (has (facts.redact.user_names, "daemon"));
  g_assert_false (has (facts.redact.user_names, "nobody"));
  g_assert_true (has (facts.redact.user_names, "Feuerstein"));
  g_assert_false (has (facts.redact.user_names, "Debian"));
  g_assert_false (has (facts.redact.user_names, "User"));
  g_assert_false (has (facts.redact.user_names, "Al"));
  redacted = adit_redact (text, strlen (text), &facts.redact, NULL);
  g_assert_cmpstr (redacted, ==, "I am [user name], [user name], at [network name]; [user name], Mrs [user name]; Max Users");
  g_unlink (path);
}

static void
test_computer (void)
{
  g_autoptr (AditReportMaterial) material = adit_report_material_new ();
  AditReportFacts facts;

  adit_report_material_add_computer (material);
  adit_report_material_get_facts (material, "id", -1, &facts);
  g_assert_true (has (facts.redact.host_names, g_get_host_name ()));
  g_assert_nonnull (g_strstr_len (facts.system, -1, ", Linux "));
  g_assert_null (g_strstr_len (facts.system, -1, "\n"));
}

static void
test_lines (void)
{
  static const char *const left_out[] = { "near", NULL };
  g_autoptr (AditReportMaterial) material = adit_report_material_new ();
  g_autoptr (GVariant) dict = g_variant_ref_sink (g_variant_new_parsed ("{'lockdown': <true>, 'dns': <'resolved'>, "
                                                                        "'lan': <['subnet']>, 'near': <['59.3,18.0']>}"));
  AditReportFacts facts;

  adit_report_material_add_dict (material, dict, left_out);
  for (guint i = 0; i < ADIT_REPORT_MAX_LOG_LINES + 5; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %u", i);

      adit_report_material_add (material, ADIT_MATERIAL_LOG, line);
    }
  adit_report_material_add (material, ADIT_MATERIAL_BACK_ENDS, "");
  adit_report_material_add (material, ADIT_MATERIAL_BACK_ENDS, NULL);
  adit_report_material_add (material, ADIT_MATERIAL_NETWORKS, "caf\xe9");
  adit_report_material_get_facts (material, "id", -1, &facts);
  g_assert_cmpuint (g_strv_length ((char **) facts.diagnostics), ==, 3);
  g_assert_true (has (facts.diagnostics, "lockdown: true"));
  g_assert_true (has (facts.diagnostics, "dns: resolved"));
  g_assert_true (has (facts.diagnostics, "lan: ['subnet']"));
  g_assert_cmpuint (g_strv_length ((char **) facts.log), ==, ADIT_REPORT_MAX_LOG_LINES);
  g_assert_cmpstr (facts.log[0], ==, "line 5");
  g_assert_null (facts.back_ends[0]);
  g_assert_true (g_utf8_validate (facts.redact.network_names[0], -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-material/people", test_people);
  g_test_add_func ("/report-material/computer", test_computer);
  g_test_add_func ("/report-material/lines", test_lines);
  return g_test_run ();
}
