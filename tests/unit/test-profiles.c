/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-profiles.c: profiles come back whole, readable by nobody else, and a damaged or newer file is never overwritten. */
#include "client/helper/profiles.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"

#define TEXT  "client\nremote vpn.example.org 1194 udp\n"
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

typedef struct
{
  char         *directory;
  AditProfiles *profiles;
} Fixture;

static void
open_profiles (Fixture *f)
{
  GError *error = NULL;

  g_clear_pointer (&f->profiles, adit_profiles_close);
  f->profiles = adit_profiles_open (f->directory, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *root = g_dir_make_tmp ("adit-profiles-XXXXXX", NULL);

  f->directory = g_build_filename (root, "profiles", NULL);
  open_profiles (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *root = g_path_get_dirname (f->directory);
  g_autoptr (GDir) entries = g_dir_open (f->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_clear_pointer (&f->profiles, adit_profiles_close);
  g_rmdir (f->directory);
  g_rmdir (root);
  g_free (f->directory);
}

static AditProfile *
add (Fixture *f, guint32 uid, const char *name, const char *text)
{
  AditProfileFacts facts = { .kind = ADIT_PROFILE_OPENVPN, .n_servers = 1, .is_whole = 1, .login = ADIT_PROFILE_LOGIN_ASK_BOTH };
  g_autoptr (GError) error = NULL;
  AditProfile *profile;

  g_strlcpy (facts.name, name, sizeof facts.name);
  profile = adit_profiles_add (f->profiles, uid, &facts, text, strlen (text), &error);
  g_assert_no_error (error);
  return profile;
}

static void
expect_text (Fixture *f, AditProfile *profile, const char *text)
{
  g_autoptr (GError) error = NULL;
  int fd = adit_profiles_lend (f->profiles, profile, &error);
  g_autofree char *bytes = g_malloc0 (strlen (text) + 2);

  g_assert_no_error (error);
  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & SEALS, ==, SEALS);
  g_assert_cmpint (pread (fd, bytes, strlen (text) + 1, 0), ==, (gssize) strlen (text));
  g_assert_cmpstr (bytes, ==, text);
  close (fd);
}

static void
test_again (Fixture *f, gconstpointer data)
{
  AditProfile *profile = add (f, 1000, "office", TEXT);
  g_autofree char *id = g_strdup (profile->id), *path = g_build_filename (f->directory, id, NULL);
  struct stat status;

  expect_text (f, profile, TEXT);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (stat (f->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);
  open_profiles (f);
  profile = adit_profiles_find (f->profiles, id);
  g_assert_nonnull (profile);
  g_assert_cmpuint (profile->owner_uid, ==, 1000);
  g_assert_cmpint (profile->facts.kind, ==, ADIT_PROFILE_OPENVPN);
  g_assert_cmpstr (profile->facts.name, ==, "office");
  g_assert_cmpint (profile->facts.login, ==, ADIT_PROFILE_LOGIN_ASK_BOTH);
  expect_text (f, profile, TEXT);
  g_assert_true (adit_profiles_remove (f->profiles, profile, NULL));
  g_assert_cmpint (access (path, F_OK), ==, -1);
  open_profiles (f);
  g_assert_cmpuint (adit_profiles_get_all (f->profiles)->len, ==, 0);
}

static void
test_names (Fixture *f, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (ADIT_NAME_MAX_BYTES - 2, 'x'), *wide = g_strconcat (longest, "", NULL);

  memcpy (wide + ADIT_NAME_MAX_BYTES - 4, "\xc3\xa4", 2);
  g_assert_cmpstr (add (f, 1000, "office", "a")->facts.name, ==, "office");
  g_assert_cmpstr (add (f, 1000, "office", "b")->facts.name, ==, "office 2");
  g_assert_cmpstr (add (f, 1000, "office", "c")->facts.name, ==, "office 3");
  g_assert_cmpstr (add (f, 1001, "office", "d")->facts.name, ==, "office");
  g_assert_cmpstr (add (f, 1000, longest, "e")->facts.name, ==, longest);
  g_assert_true (g_str_has_suffix (add (f, 1000, longest, "f")->facts.name, "x 2"));
  g_assert_cmpstr (add (f, 1000, wide, "g")->facts.name, ==, wide);
  for (guint i = 0; i < 3; i++)
    g_assert_true (adit_name_is_valid (add (f, 1000, wide, "h")->facts.name));
  open_profiles (f);
  g_assert_cmpuint (adit_profiles_get_all (f->profiles)->len, ==, 10);

  /* Nobody finds another's; root finds them all, and has to say which where two have one name. */
  g_assert_cmpuint (adit_profiles_find_named (f->profiles, 1001, "office")->owner_uid, ==, 1001);
  g_assert_cmpuint (adit_profiles_find_named (f->profiles, 1000, "office")->owner_uid, ==, 1000);
  g_assert_null (adit_profiles_find_named (f->profiles, 1001, "office 2"));
  g_assert_null (adit_profiles_find_named (f->profiles, 1002, "office"));
  g_assert_cmpstr (adit_profiles_find_named (f->profiles, 0, "office 2")->facts.name, ==, "office 2");
  g_assert_null (adit_profiles_find_named (f->profiles, 0, "office"));
}

/* Any byte of it changed, or any cut off: left out, and left where it is. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, add (f, 1000, "office", TEXT)->id, NULL), *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_log_set_fatal_mask ("adit-profiles", G_LOG_FATAL_MASK);
  for (gsize i = 0; i < length; i += i < 64 ? 1 : 17)
    {
      g_autoptr (AditProfiles) profiles = NULL;
      g_autofree char *after = NULL;
      gsize length_after;

      if (i >= 8 && i < 12)    /* the format */
        continue;
      bytes[i] ^= 1;
      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      g_test_expect_message ("adit-profiles", G_LOG_LEVEL_WARNING, "*damaged*");
      profiles = adit_profiles_open (f->directory, NULL);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (adit_profiles_get_all (profiles)->len, ==, 0);
      g_assert_cmpint (adit_profiles_lend (f->profiles, adit_profiles_get_all (f->profiles)->pdata[0], NULL), ==, -1);
      g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
      g_assert_cmpmem (after, length_after, bytes, length);
      bytes[i] ^= 1;
    }
  for (gsize cut = 0; cut < length; cut += 13)
    {
      g_autoptr (AditProfiles) profiles = NULL;

      g_assert_true (g_file_set_contents (path, bytes, (gssize) cut, NULL));
      g_test_expect_message ("adit-profiles", G_LOG_LEVEL_WARNING, "*damaged*");
      profiles = adit_profiles_open (f->directory, NULL);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (adit_profiles_get_all (profiles)->len, ==, 0);
    }
  bytes[8] = 2;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (adit_profiles_open (f->directory, &error));
    g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT);
  }
}

static void
test_many (Fixture *f, gconstpointer data)
{
  AditProfileFacts facts = { .kind = ADIT_PROFILE_WIREGUARD, .n_servers = 1, .name = "x" };
  g_autoptr (GError) error = NULL;

  /* Nobody fills it alone; together people do. */
  for (guint i = 0; i < ADIT_MAX_PROFILES; i++)
    {
      guint32 uid = 1000 + i / ADIT_MAX_PROFILES_OWN;

      g_snprintf (facts.name, sizeof facts.name, "%u", i);
      g_assert_nonnull (adit_profiles_add (f->profiles, uid, &facts, "x", 1, &error));
      if ((i + 1) % ADIT_MAX_PROFILES_OWN == 0)
        {
          g_assert_null (adit_profiles_add (f->profiles, uid, &facts, "x", 1, &error));
          g_assert_error (error, ADIT_ERROR, ADIT_ERROR_BUSY);
          g_clear_error (&error);
        }
    }
  g_assert_null (adit_profiles_add (f->profiles, 2000, &facts, "x", 1, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_BUSY);
}

/* By another name it is the same, also after the next start; names stay one's own. */
static void
test_rename (Fixture *f, gconstpointer data)
{
  AditProfile *office = add (f, 1000, "office", TEXT), *other = add (f, 1000, "home", "x");
  g_autoptr (GError) error = NULL;

  g_assert_false (adit_profiles_rename (f->profiles, office, "home", &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (adit_profiles_rename (f->profiles, office, "two\nlines", &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (adit_profiles_rename (f->profiles, office, "office", &error));
  g_assert_true (adit_profiles_rename (f->profiles, office, "a job", &error));
  g_assert_no_error (error);
  g_assert_true (adit_profiles_get_all (f->profiles)->pdata[0] == office);
  g_assert_true (adit_profiles_get_all (f->profiles)->pdata[1] == other);
  open_profiles (f);
  office = adit_profiles_find_named (f->profiles, 1000, "a job");
  g_assert_nonnull (office);
  g_assert_null (adit_profiles_find_named (f->profiles, 1000, "office"));
  expect_text (f, office, TEXT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/profiles/again", Fixture, NULL, set_up, test_again, tear_down);
  g_test_add ("/profiles/names", Fixture, NULL, set_up, test_names, tear_down);
  g_test_add ("/profiles/rename", Fixture, NULL, set_up, test_rename, tear_down);
  g_test_add ("/profiles/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/profiles/many", Fixture, NULL, set_up, test_many, tear_down);
  return g_test_run ();
}
