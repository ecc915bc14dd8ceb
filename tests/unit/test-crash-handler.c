/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-crash-handler.c: children die in every way, and their notes name the signal, the file and the function; the parent sees
 * the same death as without a handler. */
#include "client/report/crash-handler.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/report/modules.h"
#include "crash-ways.h"

#define MAX_KEPT_MS 100    /* how long a handler may keep a dying process */
#define MAX_TRIES   20     /* on a computer that does much else, one has to be quick */

static const char *program;

/* @note_fd: what the child writes to. */
static void
run_child (const char *way, int note_fd, int *status)
{
  g_autofree char *text = g_strdup_printf ("%d", note_fd);
  pid_t child = fork ();

  if (child == 0)
    {
      int null = open ("/dev/null", O_WRONLY);

      dup2 (null, 2);
      execl (program, program, "--die", way, text, NULL);
      _exit (5);
    }
  g_assert_cmpint (waitpid (child, status, 0), ==, child);
}

/* What the child wrote. */
static AditCrashNote *
run_noted_child (const char *way, int *status, gint64 *kept_us)
{
  int fd = memfd_create ("note", 0);
  g_autoptr (GError) error = NULL;
  AditCrashNote *note;
  gint64 start = g_get_monotonic_time ();

  g_assert_cmpint (fd, >=, 0);
  run_child (way, fd, status);
  if (kept_us != NULL)
    *kept_us = g_get_monotonic_time () - start;
  note = adit_crash_note_read (fd, &error);
  g_assert_no_error (error);
  close (fd);
  return note;
}

/* The functions of this program's own frames, as addr2line names them. */
static GStrv
dup_functions (const AditCrashNote *note, const AditCrashFrame *frames, guint n_frames, GArray *numbers)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *output = NULL, *base = g_path_get_basename (program);
  g_autoptr (GError) error = NULL;

  for (const char *const *word = (const char *const []) { "addr2line", "-f", "-e", program, NULL }; *word != NULL; word++)
    g_ptr_array_add (arguments, g_strdup (*word));
  for (guint i = 0; i < MIN (n_frames, 16); i++)
    if (frames[i].module != ADIT_CRASH_NO_MODULE && g_str_equal (note->modules[frames[i].module].name, base))
      {
        g_ptr_array_add (arguments, g_strdup_printf ("0x%x", frames[i].offset));
        g_array_append_val (numbers, i);
      }
  g_ptr_array_add (arguments, NULL);
  g_spawn_sync (NULL, (char **) arguments->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_strsplit (output, "\n", -1);
}

static void
test_way (gconstpointer data)
{
  const CrashWay *way = data;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (GStrv) functions = NULL;
  g_autofree AditCrashNote *note = NULL;
  gboolean found = FALSE;
  int status;

  note = run_noted_child (way->name, &status, NULL);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, way->signal);
  g_assert_cmpint (note->signal, ==, way->signal);
  g_assert_cmpint (note->reason, ==, way->reason);
  g_assert_cmpstr (note->program, ==, "crash-ways");
  g_assert_cmpstr (note->build, ==, "1.2.3-abc");
  if (way->thread != NULL)
    g_assert_cmpstr (note->thread, ==, way->thread);

  /* The one module that is known for sure is this program, which has the same build id here. */
  adit_modules_refresh ();
  for (guint i = 0; i < note->n_modules; i++)
    {
      const AditModule *own = adit_modules_find ((gsize) test_way);

      if (g_str_equal (note->modules[i].name, own->as_noted.name))
        {
          g_assert_cmpint (own->as_noted.build_id_size, ==, 20);
          g_assert_cmpmem (&note->modules[i], sizeof note->modules[i], &own->as_noted, sizeof own->as_noted);
        }
    }

  functions = dup_functions (note, note->frames, note->n_frames, numbers);
  for (guint i = 0; i < numbers->len && !found; i++)
    found = g_array_index (numbers, guint, i) <= way->at_most && g_str_equal (functions[2 * i], way->function);
  if (!found)
    {
      for (guint i = 0; i < numbers->len; i++)
        g_printerr ("frame %u: %s\n", g_array_index (numbers, guint, i), functions[2 * i]);
      g_error ("%s: %s is not among the first %u of %u frames", way->name, way->function, way->at_most + 1, note->n_frames);
    }
  g_assert_cmpint (note->cut, ==, way->cut);
  if (way->module != NULL)
    {
      g_assert_cmpuint (note->frames[0].module, <, note->n_modules);
      g_assert_cmpstr (note->modules[note->frames[0].module].name, ==, way->module);
    }
}

/* Whether the innermost frame of @other in this program is in @function. */
static gboolean
is_in (const AditCrashNote *note, const AditCrashThread *other, const char *function)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (GStrv) functions = dup_functions (note, other->frames, other->n_frames, numbers);

  return numbers->len > 0 && g_str_equal (functions[0], function);
}

/* What the others did is in the note, whatever the one that crashed did to its own stack; of one that could not answer in time
 * nothing is said but that.  A computer that does much else may keep one from it, so there are some tries. */
static void
test_threads (void)
{
  static const struct { const char *name, *function; } expected[] = {
    { "waiter", "wait_apart" }, { "spinner", "spin_apart" }, { NULL, NULL },
  };
  guint n_seen = 0;

  for (guint i = 0; i < MAX_TRIES && n_seen < G_N_ELEMENTS (expected); i++)
    {
      int status;
      g_autofree AditCrashNote *note = run_noted_child ("threads", &status, NULL);

      n_seen = 0;
      g_assert_cmpint (note->n_others, ==, G_N_ELEMENTS (expected));
      g_assert_cmpint (note->n_more, ==, 0);
      for (guint j = 0; j < G_N_ELEMENTS (expected); j++)
        {
          const AditCrashThread *other = &note->others[j];

          if (expected[j].name == NULL || other->silent)
            n_seen += expected[j].name == NULL && other->silent;
          else if (!other->cut && g_str_equal (other->name, expected[j].name) && is_in (note, other, expected[j].function))
            n_seen++;
        }
    }
  g_assert_cmpint (n_seen, ==, G_N_ELEMENTS (expected));
}

static void
test_crowd (void)
{
  int status;
  g_autofree AditCrashNote *note = run_noted_child ("crowd", &status, NULL);

  g_assert_cmpint (note->n_others, ==, ADIT_CRASH_MAX_OTHERS);
  g_assert_cmpint (note->n_more, ==, CRASH_CROWD - ADIT_CRASH_MAX_OTHERS);
}

/* Whatever becomes of the handler's own signals, there is one note. */
static void
test_filtered (void)
{
  int status;
  g_autofree AditCrashNote *note = run_noted_child ("filtered", &status, NULL);

  g_assert_cmpint (note->signal, ==, SIGSEGV);
  g_assert_cmpint (note->cut, ==, 0);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
}

/* A note that finds no place keeps nobody from dying. */
static void
test_hung (void)
{
  int status;

  run_child ("hung", -1, &status);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGALRM);
}

/* The time from a child's start to its end beside the time of one that dies without a handler would be small and noisy.  All of
 * it, start of the process included, is below what the handler alone may take; also where a thread does not answer. */
static void
test_time (gconstpointer way)
{
  gint64 least_us = G_MAXINT64;

  for (guint i = 0; i < MAX_TRIES && least_us > MAX_KEPT_MS * 1000; i++)
    {
      int status;
      gint64 kept_us;
      g_autofree AditCrashNote *note = run_noted_child (way, &status, &kept_us);

      least_us = MIN (least_us, kept_us);
    }
  g_test_message ("%s: from the start of the process to its end: %" G_GINT64_FORMAT " us", (const char *) way, least_us);
  g_assert_cmpint (least_us, <=, MAX_KEPT_MS * 1000);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--die"))
    crash_die (argv[2], atoi (argv[3]));
#if defined (__SANITIZE_ADDRESS__)
  return 77;    /* it has a handler and stacks of its own */
#endif
  g_test_init (&argc, &argv, NULL);
  program = g_file_read_link ("/proc/self/exe", NULL);
  for (guint i = 0; i < n_crash_ways; i++)
    {
      g_autofree char *path = g_strdup_printf ("/crash-handler/%s", crash_ways[i].name);

      g_test_add_data_func (path, &crash_ways[i], test_way);
    }
  g_test_add_func ("/crash-handler/filtered", test_filtered);
  g_test_add_func ("/crash-handler/hung", test_hung);
  g_test_add_func ("/crash-handler/others", test_threads);
  g_test_add_func ("/crash-handler/others-too-many", test_crowd);
  g_test_add_data_func ("/crash-handler/time", "thread", test_time);
  g_test_add_data_func ("/crash-handler/time-of-silence", "threads", test_time);
  return g_test_run ();
}
