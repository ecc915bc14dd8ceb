/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-portal.c: row L21 of the catalogue.  A real portal at the router (dnsmasq, which has one answer for all names, and a web
 * server), a browser that is this program again, and other programs of the same person that want to use its hole.  What leaves is
 * counted at the router. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <glib/gstdio.h>
#include "tests/lab/figures.h"
#include "tests/lab/probe.h"
#include "tests/lab/world.h"

#define GATEWAY    "10.10.0.1"
#define NEIGHBOUR  "10.10.0.3"
#define ASK        "/run/portal.ask"       /* pipes to the browser and back */
#define ANSWER     "/run/portal.answer"
#define WAIT_MS    8000
#define TRY_MS     700
#define GROUP      "/sys/fs/cgroup/adit-portal"
#define TIME_S     300
#define N_TRIES      12    /* of opening it while connecting, each later into the try by */
#define TRY_LATER_MS 25

static AditWorld *world;
static guint n_tried;    /* by those who have no hole */

/* --- What a program tries, in one line ------------------------------------------------------------------------------------ */

static const struct { const char *name, *to; guint16 port; int type; } tries[] = {
  { "page", GATEWAY, 80, SOCK_STREAM },
  { "names", GATEWAY, 53, SOCK_DGRAM },
  { "other-port", GATEWAY, 22, SOCK_STREAM },
  { "neighbour", NEIGHBOUR, 80, SOCK_STREAM },
  { "resolver", ADIT_LAB_DNS_ADDRESS, 53, SOCK_DGRAM },
  { "web", ADIT_LAB_WEB_ADDRESS, 80, SOCK_STREAM },
};

static gboolean
try_one (guint i)
{
  static const char query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05" "hotel\x07" "example\x00\x00\x01\x00\x01";
  static const char get[] = "GET / HTTP/1.0\r\nHost: portal\r\n\r\n";
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (tries[i].port) };
  int fd = socket (AF_INET, tries[i].type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  gboolean is_tcp = tries[i].type == SOCK_STREAM, answered;
  struct pollfd one = { fd, POLLOUT, 0 };
  int refused = 0;
  socklen_t length = sizeof refused;
  char bytes[512];

  g_assert_cmpint (fd, >=, 0);
  inet_pton (AF_INET, tries[i].to, &to.sin_addr);
  answered = (connect (fd, (struct sockaddr *) &to, sizeof to) == 0 || errno == EINPROGRESS) && poll (&one, 1, TRY_MS) == 1 &&
             getsockopt (fd, SOL_SOCKET, SO_ERROR, &refused, &length) == 0 && refused == 0 &&
             send (fd, is_tcp ? get : query, is_tcp ? sizeof get - 1 : sizeof query - 1, MSG_NOSIGNAL) > 0;
  one.events = POLLIN;
  answered = answered && poll (&one, 1, TRY_MS) == 1 && recv (fd, bytes, sizeof bytes, 0) > 12;
  close (fd);
  return answered;
}

static char *
dup_round (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    if (try_one (i))
      g_string_append_printf (text, "%s ", tries[i].name);
  return g_string_free (text, FALSE);
}

#define PORTAL_ALONE "page names "

/* The browser: a round for each byte. */
static int
browser_main (const char *page)
{
  int ask = open (ASK, O_RDONLY | O_CLOEXEC), answer = open (ANSWER, O_WRONLY | O_CLOEXEC);
  char byte;

  if (!g_str_equal (page, "http://" GATEWAY "/"))
    return 1;
  while (ask >= 0 && answer >= 0 && read (ask, &byte, 1) == 1)
    {
      g_autofree char *round = dup_round (), *line = g_strconcat (round, "\n", NULL);

      if (write (answer, line, strlen (line)) < 0)
        return 1;
    }
  return 0;
}

/* Another program of the same person, on the same computer. */
static int
stranger_main (void)
{
  g_autofree char *round = dup_round ();

  puts (round);
  return 0;
}

/* --- The test's end --------------------------------------------------------------------------------------------------------- */

typedef struct { GSubprocess *adit; int ask, answer; } Browser;

static char *
dup_self (void)
{
  return g_file_read_link ("/proc/self/exe", NULL);
}

static Browser
start_browser (void)
{
  /* By itself: what the world starts has ninety seconds. */
  g_autofree char *self = dup_self ();
  const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "portal", "--", self, "--browser", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;
  Browser browser = { NULL, -1, -1 };

  (void) unlink (ASK);
  (void) unlink (ANSWER);
  g_assert_cmpint (mkfifo (ASK, 0600), ==, 0);
  g_assert_cmpint (mkfifo (ANSWER, 0600), ==, 0);
  browser.ask = open (ASK, O_RDWR | O_CLOEXEC);
  browser.answer = open (ANSWER, O_RDWR | O_CLOEXEC | O_NONBLOCK);
  browser.adit = adit_world_spawn (world, 0, launcher, argv, &error);
  g_assert_no_error (error);
  return browser;
}

/* Returns: (nullable): what the browser has got at; %NULL where it answers nothing */
static char *
ask_browser (Browser *browser)
{
  struct pollfd one = { browser->answer, POLLIN, 0 };
  char text[256] = "";
  gssize got;

  g_assert_cmpint (write (browser->ask, "?", 1), ==, 1);
  if (poll (&one, 1, WAIT_MS) != 1)
    return NULL;
  got = read (browser->answer, text, sizeof text - 1);
  g_assert_cmpint (got, >, 0);
  return g_strndup (text, (gsize) got - 1);
}

static void
expect_browser (Browser *browser, const char *wanted)
{
  g_autofree char *got = ask_browser (browser);

  if (g_strcmp0 (got, wanted) != 0)
    {
      adit_world_print_log (world);
      g_error ("the browser gets at \"%s\", not at \"%s\"", got != NULL ? got : "nothing, and is gone", wanted);
    }
}

static void
end_browser (Browser *browser)
{
  g_subprocess_wait (browser->adit, NULL, NULL);
  g_clear_object (&browser->adit);
  close (browser->ask);
  close (browser->answer);
}

static char *
ask_stranger (guint uid)
{
  g_autofree char *self = dup_self ();
  const char *const argv[] = { self, "--stranger", NULL };
  g_autoptr (AditLabResult) result = adit_world_run (world, uid, argv);

  g_assert_cmpint (result->status, ==, 0);
  return g_strdup (g_strchomp (result->out));
}

/* The helper itself may still be asking the service something, as it may through every lock. */
static void
wait_for_calm (void)
{
  for (guint i = 0; i < 20; i++)
    {
      int watcher = probe_watch ("router", "br-lan");
      guint n;

      g_usleep (300000);
      n = probe_count (watcher, FALSE).n;
      probe_forget (watcher);
      if (n == 0)
        return;
    }
  g_error ("it is never calm");
}

/* Nobody else gets at anything, and nothing of theirs is on the wire. */
static void
expect_strangers_shut (void)
{
  g_autofree char *same = NULL, *other = NULL;
  ProbeSeen seen;
  int watcher;

  wait_for_calm ();
  watcher = probe_watch ("router", "br-lan");
  same = ask_stranger (0);
  other = ask_stranger (ADIT_WORLD_BOB_UID);
  n_tried += 2 * G_N_ELEMENTS (tries);
  seen = probe_count (watcher, FALSE);

  probe_forget (watcher);
  g_assert_cmpstr (same, ==, "");
  g_assert_cmpstr (other, ==, "");
  g_assert_cmpuint (seen.n, ==, 0);
}

static void
expect_no_hole (void)
{
  const char *const argv[] = { "nft", "list", "table", "inet", "adit", NULL };
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;

  for (;;)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, argv, NULL);

      if (strstr (result->out, "portal") == NULL && access (GROUP, F_OK) != 0)
        return;
      if (g_get_monotonic_time () > end)
        g_error ("the hole is still there: %s", result->out);
      g_usleep (20000);
    }
}

static void
run_ip (const char *const *words)
{
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, words, NULL);

  if (result->status != 0)
    g_error ("%s", result->err);
}

/* The most seconds that the kernel's list of the hole's members has behind @key. */
static guint
get_seconds (const char *key)
{
  const char *const argv[] = { "nft", "-j", "list", "set", "inet", "adit", "portal4", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, argv, NULL);
  guint most = 0;

  for (const char *at = result->out; (at = strstr (at, key)) != NULL; at++)
    most = MAX (most, (guint) atoi (at + strlen (key)));
  return most;
}

/* Seconds that the kernel gives the hole yet, by its own word; 0: there is none. */
static guint
get_left_s (void)
{
  return get_seconds ("\"expires\": ");
}

/* With how many it was put in last: fewer each time that the lock is made anew. */
static guint
get_given_s (void)
{
  return get_seconds ("\"timeout\": ");
}

/* A link that comes has a chain of its own: the whole lock is made anew. */
static void
add_link (void)
{
  const char *const add[] = { "ip", "link", "add", "name", "other0", "type", "veth", "peer", "name", "far0", "netns", "router",
                              NULL };
  const char *const list[] = { "nft", "list", "table", "netdev", "adit", NULL };

  run_ip (add);
  for (guint i = 0; i < WAIT_MS / 20; i++, g_usleep (20000))
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, list, NULL);

      if (strstr (result->out, "other0") != NULL)
        return;
    }
  g_error ("the lock does not know of the new link");
}

static void
delete_link (void)
{
  const char *const delete[] = { "ip", "link", "delete", "dev", "other0", NULL };

  run_ip (delete);
}

static void
lock (void)
{
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
}

/* --- The row -------------------------------------------------------------------------------------------------------------- */

static void
row_l21 (AditFigures *figures)
{
  g_autofree char *open_round = NULL;
  Browser browser;
  int watcher;

  lock ();
  expect_strangers_shut ();
  browser = start_browser ();
  expect_browser (&browser, PORTAL_ALONE);
  n_tried = 0;
  expect_strangers_shut ();
  expect_browser (&browser, PORTAL_ALONE);
  /* There is one hole, and nobody moves in with it. */
  adit_world_expect (world, 0, NULL, "portal true", 1);
  expect_browser (&browser, PORTAL_ALONE);
  adit_world_expect (world, 0, NULL, "portal close", 0);
  end_browser (&browser);
  expect_no_hole ();
  expect_strangers_shut ();

  /* The other half: the same strangers, the same watcher, and no lock. */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  watcher = probe_watch ("router", "br-lan");
  open_round = ask_stranger (0);
  figures->tried = n_tried;
  figures->control = probe_count (watcher, FALSE).n;
  probe_forget (watcher);
  g_assert_true (g_str_has_prefix (open_round, "page names"));
  g_assert_nonnull (strstr (open_round, "web"));
  adit_world_expect (world, 0, NULL, "portal true", 2);    /* nothing is in the way */
}

static const struct { const char *row, *title; void (*run) (AditFigures *); } rows[] = {
  { "L21", "other programs, while one browser may see the page of a network", row_l21 },
};

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  AditFigures figures = { .row = rows[i].row, .title = rows[i].title, .kind = "packets" };

  rows[i].run (&figures);
  adit_figures_write (&figures);
}

/* A link that comes or goes shuts nobody's page, and gives nobody more time or room. */
static void
test_links (void)
{
  Browser browser;
  guint left, given;

  lock ();
  browser = start_browser ();
  expect_browser (&browser, PORTAL_ALONE);
  g_usleep (2 * G_USEC_PER_SEC);
  left = get_left_s ();
  add_link ();
  expect_browser (&browser, PORTAL_ALONE);
  g_assert_cmpuint (get_left_s (), <=, left);
  expect_strangers_shut ();
  g_usleep (2 * G_USEC_PER_SEC);
  left = get_left_s ();
  given = get_given_s ();
  delete_link ();
  for (guint i = 0; get_given_s () >= given; i++, g_usleep (20000))
    g_assert_cmpuint (i, <, WAIT_MS / 20);
  expect_browser (&browser, PORTAL_ALONE);
  g_assert_cmpuint (get_left_s (), <=, left);
  expect_strangers_shut ();
  adit_world_expect (world, 0, NULL, "portal close", 0);
  end_browser (&browser);
  expect_no_hole ();
}

/* It goes with the program, and with a new wish, and the program goes with it. */
static void
test_ends (void)
{
  Browser browser;

  lock ();
  browser = start_browser ();
  expect_browser (&browser, PORTAL_ALONE);
  g_subprocess_force_exit (browser.adit);
  end_browser (&browser);
  expect_no_hole ();

  browser = start_browser ();
  expect_browser (&browser, PORTAL_ALONE);
  adit_world_expect (world, 0, NULL, "connect us-nyc", 0);
  end_browser (&browser);
  expect_no_hole ();
  /* While connecting, too: the try is given up, and taken up again.  How far it has come is the clock's, and what it has done is
   * undone before the browser asks for anything. */
  for (guint i = 0; i < N_TRIES; i++)
    {
      browser = start_browser ();
      expect_browser (&browser, PORTAL_ALONE);
      if (i == 0)
        expect_strangers_shut ();
      adit_world_expect (world, 0, NULL, "portal close", 0);
      end_browser (&browser);
      expect_no_hole ();
      g_assert_true (adit_world_wait_state (world, "connecting", WAIT_MS));
      g_usleep (i * TRY_LATER_MS * 1000);
    }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* With nobody to watch it the kernel's clock goes on; and the next helper shuts it at once. */
static void
test_killed (void)
{
  Browser browser;
  guint left;

  lock ();
  browser = start_browser ();
  expect_browser (&browser, PORTAL_ALONE);
  adit_world_kill_helper (world);
  left = get_left_s ();
  g_assert_cmpuint (left, >, TIME_S - 60);
  g_assert_cmpuint (left, <=, TIME_S);
  expect_strangers_shut ();
  g_usleep (2 * G_USEC_PER_SEC);
  g_assert_cmpuint (get_left_s (), <, left);
  if (g_test_slow ())
    {
      g_usleep ((gulong) (left + 1) * G_USEC_PER_SEC);
      g_assert_cmpuint (get_left_s (), ==, 0);
      expect_browser (&browser, "");
      expect_strangers_shut ();
    }
  adit_world_expect_helper (world);
  end_browser (&browser);
  expect_no_hole ();
  expect_strangers_shut ();
}

/* By the helper's own clock. */
static void
test_time (void)
{
  Browser browser;

  if (!g_test_slow ())
    {
      g_test_skip ("five minutes: -m slow");
      return;
    }
  lock ();
  browser = start_browser ();
  expect_browser (&browser, PORTAL_ALONE);
  g_usleep ((gulong) (TIME_S + 2) * G_USEC_PER_SEC);
  end_browser (&browser);
  expect_no_hole ();
}

static void
start_portal (void)
{
  const char *const names[] = { "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--interface=br-lan",
                                "--bind-interfaces", "--no-resolv", "--no-hosts", "--address=/#/" GATEWAY, "--user=root",
                                "--pid-file=", NULL };
  const char *const pages[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  g_autoptr (GError) error = NULL;

  if (adit_lab_spawn ("router", 0, names, &error) == 0 || adit_lab_spawn ("router", 0, pages, &error) == 0)
    g_error ("%s", error->message);
  for (guint i = 0; i < 200; i++, g_usleep (20000))
    {
      g_autofree char *round = ask_stranger (0);

      if (g_str_has_prefix (round, PORTAL_ALONE))
        return;
    }
  g_error ("the portal does not start");
}

int
main (int argc, char **argv)
{
  g_autofree char *dnsmasq = g_find_program_in_path ("dnsmasq");
  g_autoptr (GError) error = NULL;
  int failed;

  if (argc == 3 && g_str_equal (argv[1], "--browser"))
    return browser_main (argv[2]);
  if (argc == 2 && g_str_equal (argv[1], "--stranger"))
    return stranger_main ();
  if (dnsmasq == NULL)
    {
      g_printerr ("SKIP: there is no dnsmasq\n");
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0)
    {
      g_printerr ("SKIP: no control groups: %s\n", g_strerror (errno));
      return ADIT_LAB_SKIP;
    }
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  start_portal ();
  g_test_add_data_func ("/portal/L21", GUINT_TO_POINTER (0), test_row);
  g_test_add_func ("/portal/L21-links", test_links);
  g_test_add_func ("/portal/L21-ends", test_ends);
  g_test_add_func ("/portal/L21-killed", test_killed);
  g_test_add_func ("/portal/L21-time", test_time);
  failed = g_test_run ();
  adit_world_free (world);
  return failed;
}
