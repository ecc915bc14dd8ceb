/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-gallery.c: every screen as others see it: in the dark, with more contrast, with large letters, on a telephone, from right
 * to left, without a pointer, without eyes.  One window a language goes through one day; on each screen it is given each look.
 * The pictures go to the gallery, side by side in its index.html: look at them. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/lab/openvpn-exit.h"
#include "tests/simulator/known.h"
#include "tests/ui/texts.h"

#define NARROW   370     /* 360, and a border on each side, which GTK draws where no window manager does */
#define LOW      640
#define DIALOG   640     /* a little more than they want of their own accord */
#define SCREEN   1200    /* high enough for all of the longest page */
#define OFFICE   "/run/lab/office.conf"
#define REFUSED  "/run/lab/refused.ovpn"
#define JOB      "/run/lab/job.ovpn"     /* its server wants a login that is not in it */
#define CARD     "/run/lab/card.ovpn"    /* its server has a question of its own */
#define VIRTUAL  "Interfaces of virtual machines, such as virbr0"

#define INDEX_HEAD "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Adit: every screen</title>\n" \
                   "<style>body { font-family: sans-serif } td { vertical-align: top } img { max-width: 24em }</style>\n<table>\n"

typedef struct
{
  const char *name;
  gboolean    is_narrow;
  AditStyle   style;
  double      contrast;    /* for usual letters: WCAG 2.1, level AA, and AAA where more is asked for; 0: not measured */
  gboolean    is_extra;    /* only with ./check --full */
} Look;

/* The first is how every screen is come to. */
static const Look looks[] = {
  { "light",        FALSE, { FALSE, FALSE, 1 }, 4.5 },
  { "dark",         FALSE, { TRUE,  FALSE, 1 }, 4.5 },
  { "contrast",     FALSE, { FALSE, TRUE,  1 }, 7 },
  { "contrast-dark", FALSE, { TRUE, TRUE, 1 }, 7, TRUE },
  { "narrow",       TRUE,  { FALSE, FALSE, 1 }, 0 },
  { "large",        FALSE, { FALSE, FALSE, 2 }, 0, TRUE },
  { "large-narrow", TRUE,  { FALSE, FALSE, 2 }, 0 },
};

typedef struct
{
  const char *name;
  guint       height;      /* of the window, where it is not narrow */
  gboolean    is_window;   /* of its own, which Escape closes */
  gboolean    is_foreign;  /* GTK's or libadwaita's, which leave buttons without names in these versions */
  void      (*go)    (void);
  void      (*leave) (void);
  void      (*go_narrow) (void);    /* where it is beside another one and then behind it */
  void      (*open)  (void);        /* a menu or a small window before it, which is what the picture is of; anew for each look */
  void      (*shut)  (void);
} Screen;

/* Written from right to left. */
typedef struct { const char *locale, *language; } Language;

static const Language languages[] = { { "ar_EG", "ar" }, { "fa_IR", "fa" } };

static guint n_faults;

/* --- Ways ------------------------------------------------------------------------------------------------------------------ */

static void
choose_from_menu (const char *item)
{
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", item);
}

static void
go_back (void)
{
  adit_ax_key (ax, "alt+Left");
  adit_ax_wait (ax, "*", "Place", SOON_MS);
}

static void
sign_in (void)
{
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
}

static void
go_first_run (void)
{
  adit_ax_wait (ax, "push button", "Sign In", SOON_MS);
}

/* Of a number that no account has. */
static void
go_unknown (void)
{
  account_day_type ("Account number", "1234000000000000");
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "*", "~The service does not accept what was given to sign in.", SERVICE_MS);
}

/* Once it has been read wrong. */
static void
go_picture (void)
{
  account_day_sign_in (IVPN, "Account ID", KNOWN_IVPN_BOTH);
  adit_ax_wait (ax, "*", "What is written there", SERVICE_MS);
  account_day_type ("What is written there", "XXXX");
  adit_ax_press (ax, "push button", "Continue");
  adit_ax_wait (ax, "*", "~That was not it. This is a new picture.", SERVICE_MS);
}

static void
leave_picture (void)
{
  adit_ax_press (ax, "push button", "Cancel");
  adit_ax_wait (ax, "*", "Service", SOON_MS);
  sign_in ();
}

static void
go_open (void)
{
  adit_ax_wait (ax, "*", "Not protected", SOON_MS);
}

static void
go_connected (void)
{
  adit_ax_listen (ax);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect se-got --wait", 0);
  adit_ax_heard (ax, "Connected", TUNNEL_MS);
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
}

static void
go_places (void)
{
  adit_ax_key (ax, "ctrl+f");
  adit_ax_wait (ax, "*", "Search places", SOON_MS);
}

/* Once the window has noticed how narrow it is. */
static void
go_places_alone (void)
{
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  while (!adit_ax_has (ax, "push button", "Back"))
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("the places do not come");
      adit_ax_key (ax, "ctrl+f");
    }
}

static void
go_filter (void)
{
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_wait (ax, "label", "Machines", SOON_MS);
}

static void
leave_filter (void)
{
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_gone (ax, "label", "Machines", SOON_MS);
  go_back ();
}

static void
go_accounts (void)
{
  choose_from_menu ("A_ccounts");
  adit_ax_wait (ax, "*", "Add an Account…", SOON_MS);
  adit_ax_wait (ax, "push button", "Add Voucher", SERVICE_MS);
}

static void
go_add_account (void)
{
  adit_ax_focus (ax, "*", "Add an Account…");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "push button", "Sign In", SOON_MS);
}

static void
leave_add_account (void)
{
  adit_ax_key (ax, "alt+Left");
  adit_ax_wait (ax, "*", "Add an Account…", SOON_MS);
  go_back ();
}

/* As a file manager does. */
static void
open_file (const char *file)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), file, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  g_assert_cmpint (result->status, ==, 0);
  adit_ax_wait (ax, "push button", "Done", SERVICE_MS);
}

static void
go_import (void)
{
  open_file (OFFICE);
}

static void
go_refused (void)
{
  open_file (REFUSED);
}

static void
go_protection (void)
{
  adit_ax_key (ax, "ctrl+comma");
  adit_ax_wait (ax, "label", "Local network", SOON_MS);
}

static void
go_names (void)
{
  go_protection ();
  adit_ax_press (ax, "*", "DNS");
  adit_ax_press (ax, "push button", "Test for leaks");
  adit_ax_wait (ax, "push button", "Test for leaks", SERVICE_MS);
}

static void
go_tunnel (void)
{
  go_protection ();
  adit_ax_press (ax, "*", "Tunnel");
  adit_ax_wait (ax, "label", "Multi-hop", SOON_MS);
}

/* With each of its fields. */
static void
set_typed (const char *port, const char *near, const char *mtu, const char *days)
{
  const struct { const char *name, *value; } settings[] = {
    { "port", port }, { "near", near }, { "mtu", mtu }, { "key-days", days },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *line = g_strdup_printf ("settings set %s %s", settings[i].name, settings[i].value);

      adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, line, 0);
    }
}

static void
go_typed (void)
{
  set_typed ("51820", "59.33,18.07", "1400", "7");
  go_tunnel ();
  adit_ax_wait (ax, "text", "Days, from 1 to 30", SOON_MS);
}

static void
leave_typed (void)
{
  set_typed ("any", "time-zone", "auto", "service");
}

static void
go_automation (void)
{
  go_protection ();
  adit_ax_press (ax, "*", "Automation");
  adit_ax_wait (ax, "label", "Notifications", SOON_MS);
}

static void
go_diagnosis (void)
{
  adit_ax_key (ax, "ctrl+i");
  adit_ax_wait (ax, "push button", "Run Again", SOON_MS);
}

static void
go_about (void)
{
  choose_from_menu ("_About Adit");
  adit_ax_wait (ax, "label", ADIT_VERSION, SOON_MS);
}

static void
go_shortcuts (void)
{
  choose_from_menu ("_Keyboard Shortcuts");
  adit_ax_wait (ax, "label", "Reconnect", SOON_MS);
}

static void
go_blocked (void)
{
  adit_ax_listen (ax);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_ax_heard (ax, "Not protected", SERVICE_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "lockdown on", 0);
  adit_ax_heard (ax, "Blocked on purpose", SOON_MS);
  adit_ax_wait (ax, "push button", "Turn Lockdown Off", SOON_MS);
}

static void
go_way_out (void)
{
  adit_ax_focus (ax, "push button", "Connect");
  adit_ax_listen (ax);
  adit_world_kill_helper (world);
  adit_ax_heard (ax, "Network is blocked on purpose", SOON_MS);
  adit_ax_wait (ax, "push button", "Start the Helper", SOON_MS);
}

static void
leave_way_out (void)
{
  adit_world_expect_helper (world);
  adit_ax_wait (ax, "*", "Blocked on purpose", SERVICE_MS);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
}

/* From elsewhere, so that the window does not put its question at once. */
static void
connect_by (const char *name, const char *file)
{
  g_autofree char *import = g_strdup_printf ("import %s", file), *connect = g_strdup_printf ("connect -p %s", name);

  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, import, 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, connect, 0);
}

static void
go_login (void)
{
  connect_by ("job", JOB);
  adit_ax_wait (ax, "push button", "Log In…", TUNNEL_MS);
}

static void
go_question (void)
{
  connect_by ("card", CARD);
  adit_ax_wait (ax, "push button", "Answer…", TUNNEL_MS);
}

static void
leave_question (void)
{
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove job", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove card", 0);
}

static void
go_report_form (void)
{
  adit_ax_key (ax, "ctrl+i");
  adit_ax_press (ax, "push button", "Report a Problem…");
  adit_ax_wait (ax, "push button", "Look at the Report", SOON_MS);
}

static void
go_report (void)
{
  go_report_form ();
  adit_ax_type (ax, "text", "What happened, and what did you expect?", "No page opens at 203.0.113.77.");
  adit_ax_press (ax, "push button", "Look at the Report");
  adit_ax_wait (ax, "text", "Text of the report", SERVICE_MS);
  adit_ax_wait (ax, "label", "~[address] × ", SERVICE_MS);
}

static void
go_reports (void)
{
  choose_from_menu ("_Reports");
  adit_ax_wait (ax, "label", "A problem that you described", SOON_MS);
}

/* Back by way of what is wrong, from where the form was opened. */
static void
leave_reports (void)
{
  adit_ax_focus (ax, "*", "A problem that you described");
  adit_ax_key (ax, "Return");
  adit_ax_press (ax, "push button", "Delete");
  adit_ax_wait (ax, "label", "There is no report.", SOON_MS);
  adit_ax_key (ax, "alt+Left");
  adit_ax_wait (ax, "push button", "Run Again", SOON_MS);
  go_back ();
}

/* --- What stands before a screen ------------------------------------------------------------------------------------------- */

static void
open_menu (void)
{
  adit_ax_press (ax, "push button", "Menu");
  adit_texts_wait_menu (display, TRUE);
  adit_display_look_beside (display);
}

static void
open_more (void)
{
  adit_ax_press (ax, "*", "Pause and More");
  adit_texts_wait_menu (display, TRUE);
  adit_display_look_beside (display);
}

static void
shut_menu (void)
{
  adit_ax_key (ax, "Escape");
  adit_texts_wait_menu (display, FALSE);
}

static void
press_in_message (const char *button)
{
  guint n = adit_ax_count_windows (ax);

  adit_ax_press (ax, "push button", button);
  adit_ax_wait_windows (ax, n - 1, SOON_MS);
}

static void
open_sign_out (void)
{
  adit_ax_press (ax, "push button", "Sign Out of %s|Mullvad");
  adit_ax_wait (ax, "push button", "~_Sign Out", SOON_MS);
}

static void
cancel (void)
{
  press_in_message ("~_Cancel");
}

static void
open_page (void)
{
  adit_ax_focus (ax, "*", "Add time or manage the account on its site");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "push button", "~C_opy the Address", SOON_MS);
}

static void
open_login (void)
{
  adit_ax_press (ax, "push button", "Log In…");
  adit_ax_wait (ax, "push button", "~C_onnect", SOON_MS);
}

static void
open_question (void)
{
  adit_ax_press (ax, "push button", "Answer…");
  adit_ax_wait (ax, "push button", "~C_onnect", SOON_MS);
}

static void
ask_devices_again (void)
{
  adit_ax_press (ax, "push button", "Ask the Service Again");
}

/* Somebody else has signed in with the same account. */
static void
go_devices (void)
{
  adit_world_expect (world, 0, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  ask_devices_again ();
  adit_ax_wait (ax, "push button", "~Remove %s|", SERVICE_MS);
}

static void
leave_devices (void)
{
  adit_world_expect (world, 0, NULL, "logout --force", 0);
  ask_devices_again ();
  adit_ax_gone (ax, "push button", "~Remove %s|", SERVICE_MS);
}

static void
open_remove_device (void)
{
  adit_ax_press (ax, "push button", "~Remove %s|");
  adit_ax_wait (ax, "push button", "~_Remove", SOON_MS);
}

static void
choose_of_office (const char *item, const char *button)
{
  adit_ax_press (ax, "*", "More about %s|office");
  adit_ax_press (ax, "menu item", item);
  adit_ax_wait (ax, "push button", button, SOON_MS);
}

static void
open_rename (void)
{
  choose_of_office ("Re_name…", "~_Close");
}

static void
open_remove (void)
{
  choose_of_office ("_Remove…", "~_Remove");
}

static void
go_choices (void)
{
  go_protection ();
  adit_ax_focus (ax, "*", "Local network");
}

static void
open_choices (void)
{
  adit_ax_key (ax, "space");
  adit_texts_wait_menu (display, TRUE);
  adit_display_look_beside (display);
}

/* The field goes back to what is set, each time. */
static void
open_refusal (void)
{
  adit_ax_focus (ax, "text", VIRTUAL);
  adit_ax_type (ax, "text", VIRTUAL, "");
  adit_ax_type (ax, "text", VIRTUAL, "not/a/device");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "push button", "~_Close", SOON_MS);
}

static void
close_message (void)
{
  press_in_message ("~_Close");
}

static void
open_report_server (void)
{
  adit_ax_press (ax, "push button", "Change…");
  adit_ax_wait (ax, "push button", "~_Use It", SOON_MS);
}

static void
stay (void)
{
}

static const Screen screens[] = {
  { "01-first-run",    760,  FALSE, FALSE, go_first_run,   NULL },
  { "31-unknown",      760, FALSE, FALSE, go_unknown, NULL },
  { "32-picture",      760, FALSE, FALSE, go_picture, leave_picture },
  { "02-not-protected", 900, FALSE, FALSE, go_open,        NULL },
  { "03-connected",    900,  FALSE, FALSE, go_connected,   NULL },
  { "21-menu",         900, FALSE, FALSE, stay, NULL, NULL, open_menu, shut_menu },
  { "22-more",         900, FALSE, FALSE, stay, NULL, NULL, open_more, shut_menu },
  { "04-places",       900,  FALSE, FALSE, go_places,      go_back, go_places_alone },
  { "05-filter",       900,  FALSE, FALSE, go_filter,      leave_filter, go_places_alone },
  { "06-accounts",     960,  FALSE, FALSE, go_accounts,    NULL },
  { "33-no-browser",   960, FALSE, FALSE, stay, NULL, NULL, open_page, close_message },
  { "23-sign-out",     960, FALSE, FALSE, stay, NULL, NULL, open_sign_out, cancel },
  { "30-remove-device", 960, FALSE, FALSE, go_devices, leave_devices, NULL, open_remove_device, cancel },
  { "07-add-account",  760,  FALSE, FALSE, go_add_account, leave_add_account },
  { "08-import",       640,  TRUE, FALSE,  go_import,      NULL },
  { "34-refused",      640, TRUE, FALSE, go_refused, NULL },
  { "28-rename",       900, FALSE, FALSE, go_places, NULL, go_places_alone, open_rename, close_message },
  { "29-remove",       900, FALSE, FALSE, stay, go_back, go_places_alone, open_remove, cancel },
  { "09-protection",   640,  TRUE, FALSE,  go_protection,  NULL },
  { "24-choices",      640, TRUE, FALSE, go_choices, NULL, NULL, open_choices, shut_menu },
  { "25-refusal",      640, TRUE, FALSE, go_protection, NULL, NULL, open_refusal, close_message },
  { "10-dns",          1080,  TRUE, FALSE,  go_names,       NULL },
  { "11-tunnel",       960,  TRUE, FALSE,  go_tunnel,      NULL },
  { "26-typed",        1200,  TRUE, FALSE,  go_typed,      leave_typed },
  { "12-automation",   700,  TRUE, FALSE,  go_automation,  NULL },
  { "13-diagnosis",    1080,  FALSE, FALSE, go_diagnosis,   go_back },
  { "14-about",        640,  TRUE, TRUE,   go_about,       NULL },
  { "15-shortcuts",    640,  TRUE, TRUE,   go_shortcuts,   NULL },
  { "16-blocked",      900,  FALSE, FALSE, go_blocked,     NULL },
  { "17-way-out",      900,  FALSE, FALSE, go_way_out,     leave_way_out },
  { "35-login-wanted", 900, FALSE, FALSE, go_login, NULL },
  { "36-login",        900, FALSE, FALSE, stay, NULL, NULL, open_login, cancel },
  { "37-question",     900, FALSE, FALSE, go_question, leave_question, NULL, open_question, cancel },
  { "18-report-form",  540,  TRUE, FALSE,  go_report_form, NULL },
  { "19-report",       700,  TRUE, FALSE,  go_report,      NULL },
  { "20-reports",      760,  FALSE, FALSE, go_reports,     NULL },
  { "27-report-server", 760, FALSE, FALSE, stay, leave_reports, NULL, open_report_server, cancel },
};

/* --- Looks ----------------------------------------------------------------------------------------------------------------- */

/* All of them are told of, and then the test fails. */
static void
complain (const char *name, const char *what)
{
  g_printerr ("%s: %s\n", name, what);
  n_faults++;
}

static void
show_as (const Screen *screen, const Look *look)
{
  guint width = look->is_narrow ? NARROW : screen->is_window ? DIALOG : ACCOUNT_DAY_WIDTH;

  adit_texts_set_style (display, &look->style);
  adit_display_resize_all (display, width, look->is_narrow ? LOW : screen->height);
  /* What is not ours may want more than a narrow one is. */
  if (screen->is_foreign && look->is_narrow)
    return;
  if (!adit_texts_wait_width (display, (int) width * 9 / 10, (int) width))
    complain (screen->name, "the window is not as wide as it is told to be");
  if (look->is_narrow && screen->go_narrow != NULL)
    screen->go_narrow ();
}

static char *
dup_name (const char *language, const Look *look)
{
  if (language == NULL)
    return g_strdup (look->name);
  return look == &looks[0] ? g_strdup (language) : g_strdup_printf ("%s-%s", language, look->name);
}

static void
look_at (const Screen *screen, const Look *look, const char *look_name)
{
  g_autofree char *name = g_strdup_printf ("%s-%s", screen->name, look_name);
  g_autofree char *file = g_strdup_printf ("%s/%s.png", g_getenv ("ADIT_GALLERY"), name), *found = NULL;

  g_assert_cmpuint (adit_display_shoot (display, name), >, 50);
  adit_display_expect_quiet (display);
  if (screen->is_foreign && look->is_narrow)    /* GTK's list of keys does not give way, and can be moved sideways */
    return;
  found = adit_texts_dup_faults (display, file, look->contrast);
  if (found[0] != '\0')
    complain (name, found);
}

static void
walk_with_keyboard (const Screen *screen)
{
  g_autofree char *found = NULL;

  if (screen->is_foreign)
    return;
  found = adit_ax_dup_keyboard_faults (ax);
  if (found[0] != '\0')
    complain (screen->name, found);
}

static char *
dup_path (const char *file)
{
  return g_build_filename (g_getenv ("ADIT_GALLERY"), file, NULL);
}

/* Those from before are of another window, and some of looks that are left out this time. */
static void
forget_pictures (void)
{
  g_autoptr (GDir) files = g_dir_open (g_getenv ("ADIT_GALLERY"), 0, NULL);
  const char *file;

  while (files != NULL && (file = g_dir_read_name (files)) != NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
      {
        g_autofree char *path = dup_path (file);

        if (g_str_has_prefix (file, screens[i].name))
          g_assert_cmpint (unlink (path), ==, 0);
      }
}

static void
add_row (GString *page, const Screen *screen, const char *language)
{
  g_string_append_printf (page, "<tr><th>%s</th>", screen->name);
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autofree char *name = dup_name (language, &looks[i]), *file = g_strdup_printf ("%s-%s.png", screen->name, name);
      g_autofree char *picture = dup_path (file);

      if (g_file_test (picture, G_FILE_TEST_EXISTS))
        g_string_append_printf (page, "<td>%s<br><a href=\"%s\"><img src=\"%s\" alt=\"%s, %s\"></a></td>", name, file, file,
                                screen->name, name);
    }
  g_string_append (page, "</tr>\n");
}

/* For each screen a row a language, and in it a column a look. */
static void
write_index (void)
{
  g_autofree char *path = dup_path ("index.html");
  g_autoptr (GString) page = g_string_new (INDEX_HEAD);

  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      add_row (page, &screens[i], NULL);
      for (gsize k = 0; k < G_N_ELEMENTS (languages); k++)
        add_row (page, &screens[i], languages[k].language);
    }
  g_string_append (page, "</table></html>\n");
  g_assert_true (g_file_set_contents (path, page->str, -1, NULL));
}

static void
close_window (void)
{
  guint n = adit_ax_count_windows (ax);

  adit_ax_key (ax, "Escape");
  adit_ax_wait_windows (ax, n - 1, SOON_MS);
}

static gboolean
is_full (void)
{
  return g_strcmp0 (g_getenv ("ADIT_FULL"), "yes") == 0;
}

static void
walk (const char *language)
{
  account_day_start ();
  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      const Screen *screen = &screens[i];

      screen->go ();
      if (language == NULL && screen->open == NULL)
        walk_with_keyboard (screen);
      for (gsize k = 0; k < G_N_ELEMENTS (looks); k++)
        {
          g_autofree char *name = dup_name (language, &looks[k]);

          if (!is_full () && (looks[k].is_extra || (language != NULL && k > 0)))
            continue;
          show_as (screen, &looks[k]);
          if (screen->open != NULL)
            screen->open ();
          look_at (screen, &looks[k], name);
          if (screen->shut != NULL)
            screen->shut ();
        }
      show_as (screen, &looks[0]);
      if (screen->is_window)
        close_window ();
      if (screen->leave != NULL)
        screen->leave ();
    }
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "profiles remove office", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "logout", 0);
  adit_display_stop_program (display);
  g_assert_cmpuint (n_faults, ==, 0);
}

static void
test_english (void)
{
  walk (NULL);
}

static void
test_language (gconstpointer data)
{
  const Language *language = data;
  g_autofree char *file = g_strdup_printf ("%s.po", language->language);
  g_autofree char *own = g_build_filename (g_getenv ("ADIT_SOURCE"), "po", file, NULL), *catalogue = NULL;

  catalogue = adit_display_install_catalogue (display, language->language, own);
  adit_ax_set_language (ax, catalogue);
  adit_display_make_locale (display, language->locale);
  walk (language->language);
}

static void
give_to_alice (const char *path)
{
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_cmpint (chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
}

static void
put (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  give_to_alice (path);
}

static void
put_openvpn (const char *path, const char *lines)
{
  static const AditLabOvpnServer usual;
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (path, &usual, lines, &error);
  g_assert_no_error (error);
  give_to_alice (path);
}

/* Whatever this computer has installed, and the browser that other tests give her. */
static void
take_browsers (void)
{
  static const char *const folders[] = { "/usr/share/applications", "/run/adit-display/home/.local/share/applications" };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    if (mount ("tmpfs", folders[i], "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") != 0)
      g_error ("cannot hide %s: %s", folders[i], g_strerror (errno));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int ended;

  if (access ("/usr/bin/xsettingsd", X_OK) != 0)
    {
      g_printerr ("SKIP: there is no xsettingsd\n");
      return ADIT_LAB_SKIP;
    }
  ended = account_day_begin_in (&argc, &argv, ADIT_WORLD_POLKIT | ADIT_WORLD_ENTRY, ACCOUNT_DAY_WIDTH, SCREEN);
  if (ended != 0)
    return ended;
  if (!adit_lab_ovpn_make_keys (&error))
    g_error ("%s", error->message);
  put (OFFICE, "[Interface]\nPrivateKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
       "PostUp = touch /run/lab/hooked\nAddress = 10.64.0.2/32\n[Peer]\n"
       "PublicKey = AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n"
       "Endpoint = 192.0.2.10:51820\nAllowedIPs = 10.20.0.0/16\n");
  put (REFUSED, "client\ndev tun\nremote 192.0.2.10 1194 udp\nca ca.crt\nplugin /tmp/x.so\nverb 3\n");
  put_openvpn (JOB, NULL);
  put_openvpn (CARD, "static-challenge \"Enter the code of your card\" 0\n<auth-user-pass>\n" ADIT_LAB_OVPN_STATIC "\n"
               ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n");
  take_browsers ();
  adit_texts_prepare (display);
  forget_pictures ();
  g_test_add_func ("/gallery/english", test_english);
  g_test_add_data_func ("/gallery/arabic", &languages[0], test_language);
  if (is_full ())
    g_test_add_data_func ("/gallery/persian", &languages[1], test_language);
  g_test_add_func ("/gallery/index", write_index);
  return account_day_run ();
}
