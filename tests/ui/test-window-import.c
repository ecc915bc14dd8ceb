/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-import.c: somebody without an account, with a file: imports it, reads what became of it, logs in, connects, and
 * removes it again; helper, worker and OpenVPN's exit are real.  The cases are one day: each begins where the one before it
 * ended. */
#include "config.h"
#include "tests/ui/ax.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/lab/openvpn-exit.h"

#define FOLDER "/run/lab/files"
#define STATE  "/var/lib/adit/profiles"
#define KEY1   "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="    /* 32 times 1, and so on */
#define KEY2   "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define PEER   "[Peer]\nPublicKey = " KEY2 "\nEndpoint = 192.0.2.10:51820\n"
#define OFFICE "[Interface]\nPostUp = touch /run/lab/hooked\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n" \
               PEER "AllowedIPs = 10.20.0.0/16\n"
#define PLAIN  "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\n" PEER "AllowedIPs = 0.0.0.0/0, ::/0\n"
#define BAD    "client\ndev tun\nremote 192.0.2.10 1194 udp\nca ca.crt\nplugin /tmp/x.so\nverb 3\n"
#define LOST   "client\ndev tun\nremote 192.0.2.10 1194 udp\nauth-user-pass login.txt\nca lost.crt\n"
#define MARKUP "<b>north &amp;"    /* a name that is none to whoever reads markup */
#define COPY   FOLDER "/copies/job.ovpn"
#define RULES  "/etc/polkit-1/rules.d/20-copies.rules"
#define RULE   "polkit.addRule(function(action) { if (action.id == \"org.aditvpn.Adit1.export\") return polkit.Result.YES; });\n"
#define WIDTH  860
#define HEIGHT 620
#define SETTLE_MS 400
#define MENU_US   G_USEC_PER_SEC    /* to come up in; to press once more closes one that has */
#define SOON_MS   20000
#define TUNNEL_MS 30000

static AditWorld *world;
static AditDisplay *display;
static AditAx *ax;
static AditLabOvpn *server;
static const AditLabOvpnServer usual;

static void
shoot_foreign (const char *name)
{
  g_usleep (SETTLE_MS * 1000);
  g_assert_cmpuint (adit_display_shoot (display, name), >, 50);
  adit_display_expect_quiet (display);
}

static void
shoot (const char *name)
{
  shoot_foreign (name);
  adit_ax_expect_labelled (ax);
}

static void
give_to_alice (const char *path)
{
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_cmpint (chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
}

static void
put (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (FOLDER, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  give_to_alice (path);
}

/* As a file manager does: the program that runs already gets them. */
static void
open_files (const char *first, const char *second)
{
  g_autofree char *one = g_build_filename (FOLDER, first, NULL);
  g_autofree char *two = second != NULL ? g_build_filename (FOLDER, second, NULL) : NULL;
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), one, two, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  g_assert_cmpint (result->status, ==, 0);
}

static void
close_result (void)
{
  adit_ax_press (ax, "push button", "Done");
  adit_ax_gone (ax, "push button", "Done", SOON_MS);
}

static guint
count_kept (void)
{
  g_autoptr (GDir) entries = g_dir_open (STATE, 0, NULL);
  guint n = 0;

  while (entries != NULL && g_dir_read_name (entries) != NULL)
    n++;
  return n;
}

/* --- Importing ------------------------------------------------------------------------------------------------------------- */

static void
test_chooser (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), NULL };

  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "push button", "Import a Configuration File…", SOON_MS);
  shoot ("30-import-sign-in");
  adit_ax_press (ax, "push button", "Import a Configuration File…");
  adit_ax_wait (ax, "push button", "_Import Import", SOON_MS);
  shoot_foreign ("31-import-chooser");
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "push button", "_Import Import", SOON_MS);

  /* Typed, as those do who know where it is. */
  put ("typed.conf", "[Interface]\nPrivateKey = none\n");
  adit_ax_key (ax, "ctrl+o");
  adit_ax_wait (ax, "push button", "_Import Import", SOON_MS);
  adit_ax_key (ax, "ctrl+l");
  adit_ax_type (ax, "text", "GtkFileChooserEntry", FOLDER "/typed.conf");
  adit_ax_press (ax, "push button", "_Import Import");
  adit_ax_wait (ax, "label", "typed.conf", SOON_MS);
  adit_ax_wait (ax, "label", "Line 2: PrivateKey", SOON_MS);
  close_result ();
}

/* What it says of a good file; and that somebody without an account gets on. */
static void
test_result (void)
{
  put ("office.conf", OFFICE);
  open_files ("office.conf", NULL);
  adit_ax_wait (ax, "*", "1 configuration was imported", SOON_MS);
  adit_ax_wait (ax, "label", "office", SOON_MS);
  adit_ax_wait (ax, "label", "WireGuard · 1 server", SOON_MS);
  adit_ax_wait (ax, "label", "Line 2: PostUp", SOON_MS);
  adit_ax_wait (ax, "label", "~never runs one", SOON_MS);
  adit_ax_wait (ax, "label", "~networks that the file names can", SOON_MS);
  adit_ax_wait (ax, "label", "It brings 1 DNS server of its own.", SOON_MS);
  shoot ("32-import-result");
  close_result ();
  g_assert_false (g_file_test ("/run/lab/hooked", G_FILE_TEST_EXISTS));
  adit_ax_wait (ax, "*", "Not protected", SOON_MS);
  adit_ax_wait (ax, "push button", "Connect", SOON_MS);
  adit_ax_wait (ax, "label", "imported file, WireGuard", SOON_MS);
  shoot ("33-import-home");
}

/* A menu closes again where the dialog before is still going away, and takes the focus with it. */
static void
choose (const char *profile, const char *item)
{
  g_autofree char *button = g_strdup_printf ("More about %s", profile);
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  while (!adit_ax_has (ax, "menu item", item))
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("the menu of %s has no %s", profile, item);
      adit_ax_press (ax, "*", button);
      g_usleep (MENU_US);
    }
  adit_ax_press (ax, "menu item", item);
}

/* By keys, which are lost where the message before has been closed and its window is still on the screen. */
static void
cut_from_search (const char *text)
{
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  adit_ax_type (ax, "*", "Search places", text);
  for (;;)
    {
      g_autofree char *left = NULL;

      adit_ax_key (ax, "ctrl+f");
      adit_ax_key (ax, "ctrl+a");
      adit_ax_key (ax, "ctrl+x");    /* where nothing is left, nothing is cut */
      left = adit_ax_dup_text (ax, "*", "Search places");
      if (left[0] == '\0')
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("still to be searched for: %s", left);
    }
}

/* Copied on a service's page, with its lines; and what was copied is none, or nothing was. */
static void
test_paste (void)
{
  adit_ax_focus (ax, "push button", "Connect");
  adit_ax_key (ax, "ctrl+v");
  adit_ax_wait (ax, "*", "Nothing was imported", SOON_MS);
  adit_ax_wait (ax, "label", "There is nothing in \"Pasted\"", SOON_MS);
  close_result ();
  cut_from_search (PLAIN);
  adit_ax_focus (ax, "push button", "Connect");
  adit_ax_key (ax, "ctrl+v");
  adit_ax_wait (ax, "*", "1 configuration was imported", SOON_MS);
  adit_ax_wait (ax, "label", "Pasted", SOON_MS);
  adit_ax_wait (ax, "label", "WireGuard · 1 server", SOON_MS);
  shoot ("34-import-named");
  close_result ();
  choose ("Pasted", "Rename…");
  adit_ax_wait (ax, "label", "Rename Pasted", SOON_MS);
  shoot ("34-import-rename");
  adit_ax_type (ax, "*", "Name", "from the site");
  adit_ax_key (ax, "Return");
  adit_ax_gone (ax, "label", "Rename Pasted", SOON_MS);
  adit_ax_wait (ax, "label", "from the site", SOON_MS);
  cut_from_search ("nothing of that kind");
  adit_ax_focus (ax, "push button", "Connect");
  adit_ax_key (ax, "ctrl+v");
  adit_ax_wait (ax, "*", "Nothing was imported", SOON_MS);
  shoot ("34-import-pasted-wrong");
  close_result ();
}

static void
test_refused (void)
{
  guint n = count_kept ();

  put ("bad.ovpn", BAD);
  open_files ("bad.ovpn", NULL);
  adit_ax_wait (ax, "*", "Nothing was imported", SOON_MS);
  adit_ax_wait (ax, "label", "bad.ovpn", SOON_MS);
  adit_ax_wait (ax, "label", "Line 5: plugin", SOON_MS);
  adit_ax_wait (ax, "label", "~would load a library", SOON_MS);
  adit_ax_wait (ax, "label", "ca: ca.crt", SOON_MS);
  shoot ("34-import-refused");
  close_result ();
  g_assert_cmpuint (count_kept (), ==, n);

  put ("lost.ovpn", LOST);
  open_files ("lost.ovpn", NULL);
  adit_ax_wait (ax, "label", "ca: lost.crt", SOON_MS);
  adit_ax_wait (ax, "label", "~choose both together", SOON_MS);
  adit_ax_wait (ax, "label", "auth-user-pass: login.txt", SOON_MS);
  shoot ("35-import-file-missing");
  close_result ();
  open_files ("nothing.conf", NULL);
  adit_ax_wait (ax, "label", "~There is no file", SOON_MS);
  close_result ();
  g_assert_cmpuint (count_kept (), ==, n);
}

/* Each file of an archive, a good one and a bad one; and a name that would be markup is only a name. */
static void
test_archive (void)
{
  static const char script[] = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w'); z.writestr('far/" MARKUP ".conf', "
                               "sys.argv[2]); z.writestr('far/south.conf', sys.argv[3]); z.close()";
  const char *const argv[] = { "/usr/bin/python3", "-c", script, FOLDER "/all.zip", PLAIN, "[Interface]\nPrivateKey = none\n",
                               NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, SOON_MS, argv, NULL);
  guint n = count_kept ();

  if (result->status != 0)
    g_error ("%s", result->err);
  give_to_alice (FOLDER "/all.zip");
  open_files ("all.zip", NULL);
  adit_ax_wait (ax, "*", "1 of 2 files were imported", SOON_MS);
  adit_ax_wait (ax, "label", MARKUP, SOON_MS);
  adit_ax_wait (ax, "label", "south.conf", SOON_MS);
  adit_ax_wait (ax, "label", "Not imported; nothing of it is kept", SOON_MS);
  shoot ("36-import-archive");
  close_result ();
  g_assert_cmpuint (count_kept (), ==, n + 1);
  adit_ax_focus (ax, "*", "More about office");    /* by the keyboard alone */
  adit_ax_wait (ax, "label", MARKUP, SOON_MS);
}

/* --- Connecting ------------------------------------------------------------------------------------------------------------ */

static void
choose_place (const char *typed)
{
  adit_ax_key (ax, "ctrl+f");
  adit_ax_type (ax, "*", "Search places", typed);
  adit_ax_key (ax, "ctrl+f");
  adit_ax_key (ax, "Return");
}

static void
type_login (const char *password)
{
  adit_ax_wait (ax, "*", "Log in to job", TUNNEL_MS);
  adit_ax_type (ax, "*", "User name", ADIT_LAB_OVPN_USER);
  adit_ax_type (ax, "*", "Password", password);
}

/* Not the one that somebody has just answered, which is closing. */
static void
wait_for_empty_login (void)
{
  gint64 end = g_get_monotonic_time () + TUNNEL_MS * G_TIME_SPAN_MILLISECOND;

  while (adit_ax_is (ax, "push button", "~Connect", "sensitive"))
    g_assert_cmpint (g_get_monotonic_time (), <, end);
  adit_ax_wait (ax, "*", "Log in to job", SOON_MS);
}

static void
test_login (void)
{
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (FOLDER "/job.ovpn", &usual, "auth-user-pass\nup /bin/true\n", &error);
  g_assert_no_error (error);
  give_to_alice (FOLDER "/job.ovpn");
  open_files ("job.ovpn", NULL);
  adit_ax_wait (ax, "label", "~asked for: user name, password", SOON_MS);
  shoot ("37-import-asks");

  /* From there it is asked for at once, and not when the network is closed already; whoever thinks better of it loses nothing. */
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "*", "Log in to job", SOON_MS);
  adit_ax_gone (ax, "push button", "Done", SOON_MS);
  adit_ax_type (ax, "*", "Password", "x");
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "*", "Log in to job", SOON_MS);
  g_assert_true (adit_ax_has (ax, "*", "Not protected"));

  /* From the list, without a login: it is asked for. */
  choose_place ("job");
  adit_ax_gone (ax, "label", "office", SOON_MS);
  type_login ("wrong");
  shoot ("38-login");
  adit_ax_press (ax, "push button", "~Connect");

  /* The server does not take it: asked again, and whoever does not want to is still told. */
  wait_for_empty_login ();
  adit_ax_press (ax, "push button", "~Cancel");
  adit_ax_gone (ax, "*", "Log in to job", SOON_MS);
  adit_ax_wait (ax, "*", "The server wants you to log in.", SOON_MS);
  adit_ax_wait (ax, "*", "Blocked on purpose", SOON_MS);
  shoot ("39-login-refused");

  adit_ax_press (ax, "push button", "Log In…");
  type_login (ADIT_LAB_OVPN_PASSWORD);
  adit_ax_press (ax, "push button", "~Connect");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_ax_type (ax, "*", "Search places", "");
  adit_ax_wait (ax, "label", "office", SOON_MS);
  shoot ("40-import-connected");
}

/* The server's own question comes when somebody connects, is put in its words, and holds once. */
static void
test_question (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/card.ovpn", NULL };
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (FOLDER "/card.ovpn", &usual, "static-challenge \"Enter the <code>\" 0\n<auth-user-pass>\n"
                              ADIT_LAB_OVPN_STATIC "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n", &error);
  g_assert_no_error (error);
  give_to_alice (FOLDER "/card.ovpn");
  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "label", "Its server asks a new question at each connection.", SOON_MS);
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "*", "card asks", TUNNEL_MS);
  g_assert_true (adit_ax_has (ax, "label", "Enter the <code>"));
  shoot ("50-question");

  /* Whoever does not answer is told, and finds the question again. */
  adit_ax_key (ax, "Escape");
  adit_ax_wait (ax, "*", "The server asks for one more answer.", SOON_MS);
  shoot ("51-question-open");
  adit_ax_press (ax, "push button", "Answer…");
  adit_ax_type (ax, "*", "Answer", ADIT_LAB_OVPN_CODE);
  adit_ax_press (ax, "push button", "~Connect");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove card", 0);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

static void
write_with_password (const char *name, const char *password)
{
  g_autofree char *path = g_build_filename (FOLDER, name, NULL);
  g_autofree char *lines = g_strdup_printf ("<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n%s\n</auth-user-pass>\n", password);
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (path, &usual, lines, &error);
  g_assert_no_error (error);
  give_to_alice (path);
}

/* What the file holds is not what the server knows any more: there is a way out that is not the file's. */
static void
test_password_changed (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/old.ovpn", NULL };

  write_with_password ("old.ovpn", "changed-since");
  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "*", "1 configuration was imported", SOON_MS);
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "*", "Log in to old", TUNNEL_MS);
  adit_ax_key (ax, "Escape");
  adit_ax_press (ax, "push button", "Log In…");
  adit_ax_type (ax, "*", "User name", ADIT_LAB_OVPN_USER);
  adit_ax_type (ax, "*", "Password", ADIT_LAB_OVPN_PASSWORD);
  adit_ax_press (ax, "push button", "~Connect");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove old", 0);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

/* Whether it works is found out without staying connected, and leaves nothing locked behind; and it is not where it was last. */
static void
test_tried (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/whole.ovpn", NULL };
  g_autofree char *wanted = NULL;

  adit_world_expect (world, 0, NULL, "settings set auto-connect login", 0);
  write_with_password ("whole.ovpn", ADIT_LAB_OVPN_PASSWORD);
  write_with_password ("stale.ovpn", "of last year");
  adit_display_start_program (display, argv);
  adit_ax_press (ax, "push button", "Test");
  adit_ax_wait (ax, "*", "It works: it was connected, and is disconnected again.", TUNNEL_MS);
  shoot ("52-import-works");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  close_result ();
  open_files ("stale.ovpn", NULL);
  adit_ax_press (ax, "push button", "Test");
  adit_ax_wait (ax, "*", "~It does not work: ", TUNNEL_MS);
  shoot ("53-import-does-not");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  close_result ();
  adit_ax_wait (ax, "*", "Not protected", SOON_MS);
  g_assert_true (g_file_get_contents ("/var/lib/adit/wanted", &wanted, NULL, NULL));
  g_assert_null (strstr (wanted, "[last]"));
  adit_world_expect (world, 0, NULL, "settings set auto-connect off", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove whole", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove stale", 0);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

static void
test_no_password_left (void)
{
  g_autofree char *tree = adit_ax_dup_tree (ax), *output = adit_display_dup_output (display);

  g_assert_null (strstr (tree, ADIT_LAB_OVPN_PASSWORD));
  g_assert_null (strstr (output, ADIT_LAB_OVPN_PASSWORD));
}

/* --- Keeping house --------------------------------------------------------------------------------------------------------- */

/* Whoever takes keys out is asked, and here is nobody to be asked, until the administrator lets people. */
static void
test_copy (void)
{
  g_autofree char *text = NULL;
  GStatBuf status;

  for (guint allowed = 0; allowed < 2; allowed++)
    {
      if (allowed)
        g_assert_true (g_file_set_contents (RULES, RULE, -1, NULL));
      choose ("job", "Save a Clean Copy…");
      adit_ax_wait (ax, "push button", "_Save Save", SOON_MS);
      adit_ax_type (ax, "text", "Name:", COPY);
      if (!allowed)
        shoot_foreign ("41-copy");
      adit_ax_press (ax, "push button", "_Save Save");
      adit_ax_gone (ax, "push button", "_Save Save", SOON_MS);
      if (allowed)
        break;
      adit_ax_wait (ax, "*", "You are not allowed to do that.", SOON_MS);
      adit_ax_press (ax, "push button", "Dismiss");
      g_assert_cmpint (g_stat (COPY, &status), ==, -1);
    }
  for (guint i = 0; (g_stat (COPY, &status) != 0 || status.st_size == 0) && i < 100; i++)
    g_usleep (100000);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (status.st_uid, ==, ADIT_WORLD_ALICE_UID);
  g_assert_true (g_file_get_contents (COPY, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "remote " ADIT_LAB_OVPN_ADDRESS));
  g_assert_null (strstr (text, ADIT_LAB_OVPN_PASSWORD));
  g_assert_null (strstr (text, "/bin/true"));
}

/* What is in use stays, and that is said; afterwards it goes, with its login. */
static void
test_remove (void)
{
  guint n = count_kept ();

  choose ("job", "Remove…");
  adit_ax_wait (ax, "*", "Remove job?", SOON_MS);
  adit_ax_press (ax, "push button", "~Remove");
  adit_ax_wait (ax, "*", "That is in use or being done already.", SOON_MS);
  adit_ax_press (ax, "push button", "Dismiss");
  adit_ax_press (ax, "push button", "Disconnect");
  adit_ax_wait (ax, "*", "Not protected", TUNNEL_MS);
  g_assert_cmpuint (count_kept (), ==, n);

  choose ("job", "Remove…");
  adit_ax_wait (ax, "*", "Remove job?", SOON_MS);
  shoot ("42-remove");
  adit_ax_press (ax, "push button", "~Remove");
  adit_ax_gone (ax, "label", "job", SOON_MS);
  g_assert_cmpuint (count_kept (), ==, n - 2);
}

/* What a window manager of a small screen does. */
static void
resize_window (const char *title, const char *width, const char *height)
{
  const char *const argv[] = { "xdotool", "search", "--onlyvisible", "--name", title, "windowsize", width, height, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  if (result->status != 0)
    g_error ("xdotool: %s", result->err);
}

static void
test_narrow (void)
{
  adit_display_resize (display, 360, 640);
  adit_ax_wait (ax, "*", "Not protected", SOON_MS);
  shoot ("43-import-narrow");
  adit_ax_key (ax, "ctrl+f");
  adit_ax_wait (ax, "push button", "Back", SOON_MS);
  shoot ("44-import-narrow-places");
  adit_ax_press (ax, "push button", "Back");
  open_files ("all.zip", NULL);
  adit_ax_wait (ax, "*", "1 of 2 files were imported", SOON_MS);
  resize_window ("^Import$", "360", "500");
  shoot ("47-import-result-narrow");
  close_result ();
  adit_display_stop_program (display);
}

/* A file that opens the program, before there is a helper that could be asked; in the dark. */
static void
test_dark (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/bad.ovpn", FOLDER "/office.conf", NULL };

  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", "prefer-dark");
  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "*", "1 of 2 files were imported", SOON_MS);
  adit_ax_wait (ax, "label", "office 2", SOON_MS);
  shoot ("45-import-dark");
  close_result ();
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Sign In…");
  adit_ax_wait (ax, "push button", "Back", SOON_MS);
  shoot ("46-sign-in-beside");
  adit_ax_press (ax, "push button", "Back");
  adit_ax_wait (ax, "*", "Not protected", SOON_MS);
  adit_display_stop_program (display);
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", NULL);
}

/* Somebody who has both, from the one to the other and back; what was imported stays when the account goes. */
static void
test_with_account (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/job.ovpn", NULL };

  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "*", "1 configuration was imported", SOON_MS);
  adit_ax_press (ax, "push button", "Done");
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Sign In…");
  adit_ax_type (ax, "*", "Account number", ADIT_WORLD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "label", "Sweden", SOON_MS);
  adit_ax_wait (ax, "label", "office", SOON_MS);
  adit_ax_wait (ax, "label", "Any place", SOON_MS);
  shoot ("48-import-and-account");

  choose_place ("gothe");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  choose_place ("job");
  type_login (ADIT_LAB_OVPN_PASSWORD);
  adit_ax_press (ax, "push button", "~Connect");
  adit_ax_wait (ax, "label", "Imported file", TUNNEL_MS);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  choose_place ("gothe");
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_ax_type (ax, "*", "Search places", "");

  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "logout --disconnect", 0);
  adit_ax_gone (ax, "label", "Sweden", TUNNEL_MS);
  adit_ax_wait (ax, "label", "office", SOON_MS);
  adit_ax_wait (ax, "push button", "Connect", SOON_MS);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

/* Of many files there is a row each, what was refused first, and the rest of it for whoever opens it. */
static void
test_many (void)
{
  static const char script[] = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w'); "
                               "[z.writestr(f'far/exit{i}.conf', sys.argv[2]) for i in range(20)]; "
                               "z.writestr('far/none.conf', '[Interface]\\n'); z.close()";
  const char *const argv[] = { "/usr/bin/python3", "-c", script, FOLDER "/many.zip", OFFICE, NULL };
  const char *const window[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/many.zip", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, SOON_MS, argv, NULL);

  if (result->status != 0)
    g_error ("%s", result->err);
  give_to_alice (FOLDER "/many.zip");
  adit_display_start_program (display, window);
  adit_ax_wait (ax, "*", "20 of 21 files were imported", SOON_MS);
  adit_ax_wait (ax, "label", "exit3", SOON_MS);
  g_assert_false (adit_ax_has (ax, "label", "Line 2: PostUp"));
  adit_ax_focus (ax, "list item", "none.conf");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "label", "~a connection needs is missing", SOON_MS);
  shoot ("49-import-many");
  close_result ();
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

/* With the pointer, as a person does it.  Whoever is slow is given another try: nothing has been dropped by then. */
static void
drag_to_window (const char *wanted)
{
  static const char line[] = "xdotool mousemove 60 40 sleep 0.2 mousedown 1 sleep 0.2 mousemove 80 60 sleep 0.1 mousemove "
                             "300 300 sleep 0.2 mousemove 600 400 sleep 0.5 mousemove 604 404 sleep 0.5 mouseup 1";
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  gint64 end_us = g_get_monotonic_time () + TUNNEL_MS * G_TIME_SPAN_MILLISECOND;

  while (!adit_ax_has (ax, "*", wanted))
    {
      g_autoptr (AditLabResult) result = adit_display_run (display, (const char *const *) argv);

      g_assert_cmpint (result->status, ==, 0);
      for (guint i = 0; i < 50 && !adit_ax_has (ax, "*", wanted); i++)
        g_usleep (100000);
      if (g_get_monotonic_time () > end_us)
        break;
    }
  adit_ax_wait (ax, "*", wanted, SOON_MS);
}

static void
test_dropped (void)
{
  const char *const window[] = { g_getenv ("ADIT_WINDOW"), NULL };
  const char *const argv[] = { g_getenv ("ADIT_UI_DRAGGER"), FOLDER "/dropped.conf", NULL };
  g_autoptr (GSubprocess) dragger = NULL;

  put ("dropped.conf", PLAIN);
  adit_display_start_program (display, window);
  adit_ax_wait (ax, "push button", "Menu", SOON_MS);
  dragger = adit_display_spawn (display, argv, G_SUBPROCESS_FLAGS_NONE);
  adit_ax_wait (ax, "label", "Drag me", SOON_MS);
  drag_to_window ("1 configuration was imported");
  adit_ax_wait (ax, "label", "dropped", SOON_MS);
  g_subprocess_force_exit (dragger);
  adit_ax_gone (ax, "label", "Drag me", SOON_MS);
  close_result ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove dropped", 0);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

/* A service's site shows a code for a telephone; a picture of it is as good. */
static void
test_picture (void)
{
  const char *const window[] = { g_getenv ("ADIT_WINDOW"), FOLDER "/tunnel.png", NULL };
  g_autofree char *tunnel = g_build_filename (g_getenv ("ADIT_PICTURES"), "tunnel.png", NULL);
  g_autofree char *account = g_build_filename (g_getenv ("ADIT_PICTURES"), "account.png", NULL);
  const char *const copy[] = { "cp", tunnel, account, FOLDER, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, SOON_MS, copy, NULL);

  if (g_getenv ("ADIT_LAB_PICTURE") == NULL)
    {
      g_test_skip ("built without zxing-cpp");
      return;
    }
  g_assert_cmpint (result->status, ==, 0);
  give_to_alice (FOLDER "/tunnel.png");
  give_to_alice (FOLDER "/account.png");
  put ("none.png", "\x89PNG\r\n\x1a\n");
  adit_display_start_program (display, window);
  adit_ax_wait (ax, "*", "1 configuration was imported", SOON_MS);
  adit_ax_wait (ax, "label", "tunnel", SOON_MS);
  close_result ();
  open_files ("none.png", NULL);
  adit_ax_wait (ax, "label", "~No QR code was found in that picture.", SOON_MS);
  shoot ("54-import-no-code");
  close_result ();

  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "import " FOLDER "/tunnel.png", 0);    /* the command line, too */
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove \"tunnel 2\"", 0);

  /* The account's number out of another one is filled in as if it had been typed. */
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Sign In…");
  adit_ax_press (ax, "push button", "Scan from a Picture…");
  adit_ax_wait (ax, "push button", "_Scan Scan", SOON_MS);
  adit_ax_key (ax, "ctrl+l");
  adit_ax_type (ax, "text", "GtkFileChooserEntry", FOLDER "/account.png");
  adit_ax_press (ax, "push button", "_Scan Scan");
  adit_ax_gone (ax, "push button", "_Scan Scan", SOON_MS);
  adit_ax_wait_is (ax, "push button", "Sign In", "sensitive", TRUE, SOON_MS);
  shoot ("56-scanned");
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_gone (ax, "push button", "Sign In", TUNNEL_MS);    /* the list of places is long by now, and shows what fits */
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "account", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "logout", 0);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  const char *missing = adit_display_get_missing ();
  g_autoptr (GError) error = NULL;
  int failed;

  if (missing != NULL)
    {
      g_printerr ("SKIP: %s\n", missing);
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world == NULL || !adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      (server = adit_lab_ovpn_new (&usual, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error)) == NULL)
    g_error ("%s", error->message);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER "/copies", 0755), ==, 0);
  g_assert_cmpint (chown (FOLDER "/copies", ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents ("/etc/polkit-1/rules.d", 0755), ==, 0);
  adit_world_expect_helper (world);
  display = adit_display_new (world, WIDTH, HEIGHT);
  ax = adit_ax_new (display);
  g_test_add_func ("/window-import/chooser", test_chooser);
  g_test_add_func ("/window-import/result", test_result);
  g_test_add_func ("/window-import/paste", test_paste);
  g_test_add_func ("/window-import/refused", test_refused);
  g_test_add_func ("/window-import/archive", test_archive);
  g_test_add_func ("/window-import/login", test_login);
  g_test_add_func ("/window-import/no-password-left", test_no_password_left);
  g_test_add_func ("/window-import/copy", test_copy);
  g_test_add_func ("/window-import/remove", test_remove);
  g_test_add_func ("/window-import/narrow", test_narrow);
  g_test_add_func ("/window-import/dark", test_dark);
  g_test_add_func ("/window-import/with-account", test_with_account);
  g_test_add_func ("/window-import/question", test_question);
  g_test_add_func ("/window-import/password-changed", test_password_changed);
  g_test_add_func ("/window-import/tried", test_tried);
  g_test_add_func ("/window-import/many", test_many);
  g_test_add_func ("/window-import/dropped", test_dropped);
  g_test_add_func ("/window-import/picture", test_picture);
  failed = g_test_run ();
  adit_ax_free (ax);
  adit_display_free (display);
  adit_lab_ovpn_free (server);
  adit_world_free (world);
  return failed;
}
