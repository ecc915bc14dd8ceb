/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-demo-file.c: the demo with somebody's own file: one that leads to the demo's own server, which has kept its keys, and
 * those that lead nowhere here: a clear sentence, a code of its own, and nothing got out. */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define SKIP 77

typedef struct
{
  int     status;
  json_t *object;    /* what it printed */
  char   *words;     /* on standard error */
} Run;

static void
run_clear (Run *self)
{
  json_decref (self->object);
  g_free (self->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static char *folder, *own_file;

/* With @program in place of adit, where it is not NULL. */
static void
run_demo_with (Run *run, const char *config, const char *program)
{
  const char *const argv[] = { g_getenv ("ADIT_DEMO"), "--headless", "--json", "--service", "file", "--keys", folder,
                               config != NULL ? "--config" : NULL, config, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *out = NULL;

  if (program != NULL)
    g_subprocess_launcher_setenv (launcher, "ADIT_PROGRAM", program, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &run->words, &error));
  run->status = g_subprocess_get_exit_status (process);
  run->object = json_loads (out, 0, NULL);
  g_test_message ("exit %d, %s%s", run->status, out, run->words);
  g_assert_nonnull (run->object);
}

static void
run_demo (Run *run, const char *config)
{
  run_demo_with (run, config, NULL);
}

/* A line of the demo's own file is another one. */
static char *
put (const char *name, const char *from, const char *to)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_get_contents (own_file, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 0), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
  return path;
}

static const char *
get_text (const Run *run, const char *key)
{
  return json_string_value (json_object_get (run->object, key));
}

static void
expect_same_fields (const Run *a, const Run *b)
{
  const char *key;
  json_t *value;

  g_assert_cmpuint (json_object_size (a->object), ==, json_object_size (b->object));
  json_object_foreach (a->object, key, value)
    {
      json_t *other = json_object_get (b->object, key);

      g_assert_nonnull (other);
      g_assert_true (json_is_boolean (value) ? json_is_boolean (other) : json_typeof (value) == json_typeof (other));
    }
}

static void
expect_none_outside (const Run *run)
{
  json_t *outside = json_object_get (run->object, "packets_outside"), *value;
  const char *phase;

  json_object_foreach (outside, phase, value)
    g_assert_cmpint (json_integer_value (value), ==, 0);
}

static gint64
get_tried (const Run *run, const char *phase)
{
  return json_integer_value (json_object_get (json_object_get (run->object, "packets_tried"), phase));
}

/* "adit" that writes down every connect, and fails it with @code where that is not 0. */
static char *
put_program (int code)
{
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\nif [ \"$1\" = connect ]; then echo x >>%s/connects; "
                                             "[ %d = 0 ] || exit %d; fi\nexec %s \"$@\"\n",
                                             folder, code, code, g_getenv ("ADIT_PROGRAM"));
  char *path = g_build_filename (folder, "adit", NULL);

  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  g_assert_true (g_chmod (path, 0755) == 0);
  return path;
}

/* The file of one run is tried in the next, by a name, and connected to once; the name is asked for, and that is no leak. */
static void
test_own (void)
{
  g_autofree char *file = NULL, *program = NULL, *connects = g_build_filename (folder, "connects", NULL), *text = NULL;
  g_auto (Run) first = { 0 }, second = { 0 };

  run_demo (&first, NULL);
  g_assert_cmpint (first.status, ==, 0);
  file = put ("mine.ovpn", "\nremote 198.51.100.20 ", "\nremote vpn.example ");
  program = put_program (0);
  run_demo_with (&second, file, program);
  g_assert_cmpint (second.status, ==, 0);
  g_assert_true (g_file_get_contents (connects, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "x\n");
  g_assert_nonnull (strstr (second.words, "it leads to udp:198.51.100.20:1194"));
  expect_same_fields (&second, &first);
  expect_none_outside (&second);
  g_assert_true (json_is_true (json_object_get (second.object, "ok")));
  g_assert_cmpstr (get_text (&second, "tunnel"), ==, "openvpn");
  g_assert_cmpstr (get_text (&second, "exit_address_seen"), ==, get_text (&second, "exit_address_expected"));
}

/* Nobody is there who could answer. */
static void
test_unanswered (void)
{
  g_autofree char *file = put ("far.ovpn", "\nremote 198.51.100.20 ", "\nremote 192.0.2.77 ");
  g_auto (Run) run = { 0 };

  run_demo (&run, file);
  g_assert_cmpint (run.status, ==, 3);
  g_assert_true (json_is_false (json_object_get (run.object, "ok")));
  g_assert_cmpint (get_tried (&run, "connecting"), >, 10);
  g_assert_cmpint (get_tried (&run, "disconnecting"), >, 10);
  g_assert_cmpint (json_integer_value (json_object_get (run.object, "packets_outside_control")), >, 10);
  expect_none_outside (&run);
  g_assert_nonnull (strstr (run.words, "udp:192.0.2.77:1194"));
  g_assert_nonnull (strstr (run.words, "no tunnel comes up by it; only the demo's own servers are in this small internet"));
  g_assert_nonnull (strstr (run.words, "nothing: the lock stays"));
}

static void
test_refused (void)
{
  g_autofree char *file = put ("hostile.ovpn", "\nremote ", "\nplugin /tmp/x.so\nremote ");
  g_auto (Run) run = { 0 };

  run_demo (&run, file);
  g_assert_cmpint (run.status, ==, 3);
  g_assert_true (json_is_false (json_object_get (run.object, "ok")));
  g_assert_nonnull (strstr (run.words, "plugin"));
  g_assert_nonnull (strstr (run.words, "Adit never loads one for a file"));
  g_assert_null (strstr (run.words, "{\"version\""));
  g_assert_nonnull (strstr (run.words, "Adit does not take it"));
}

/* A lock that cannot be set is the computer's fault, not the file's. */
static void
test_not_the_files (void)
{
  g_autofree char *program = put_program (11);
  g_auto (Run) run = { 0 };

  run_demo_with (&run, own_file, program);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_null (strstr (run.words, "no tunnel comes up by it"));
}

/* It is imported, and that is all. */
static void
test_wireguard (void)
{
  static const char text[] = "[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\nAddress = 10.64.0.2/32\n"
                             "DNS = 10.64.0.1\n[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n"
                             "AllowedIPs = 0.0.0.0/0\nEndpoint = 198.51.100.10:51820\n";
  g_autofree char *file = g_build_filename (folder, "wg.conf", NULL);
  g_auto (Run) run = { 0 };

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  run_demo (&run, file);
  g_assert_cmpint (run.status, ==, 3);
  g_assert_nonnull (strstr (run.words, "it is one of WireGuard; the demo connects by files of OpenVPN"));
  g_assert_cmpint (get_tried (&run, "connecting"), ==, 0);
  expect_none_outside (&run);
}

int
main (int argc, char **argv)
{
  int status;

  if (geteuid () != 0)
    {
      g_printerr ("SKIP: the lab needs root\n");
      return SKIP;
    }
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("adit-demo-XXXXXX", NULL);
  own_file = g_build_filename (folder, "demo.ovpn", NULL);
  g_test_add_func ("/demo-file/own", test_own);
  g_test_add_func ("/demo-file/unanswered", test_unanswered);
  g_test_add_func ("/demo-file/refused", test_refused);
  g_test_add_func ("/demo-file/not-the-files", test_not_the_files);
  g_test_add_func ("/demo-file/wireguard", test_wireguard);
  status = g_test_run ();
  {
    const char *const remove[] = { "rm", "-r", "--", folder, NULL };

    g_assert_true (g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  }
  g_free (own_file);
  g_free (folder);
  return status;
}
