/* SPDX-License-Identifier: GPL-2.0-or-later */
/* typist.c: somebody at a terminal.  Started as typist [PROMPT ANSWER]... -- PROGRAM [ARGUMENT]...; types each answer when its
 * prompt is on the screen.  Prints the screen and ends as the program does, or with UNASKED. */
#include <glib.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNASKED   99
#define SCREEN_MS 60000    /* at most from one word of the program to the next */

/* Until @prompt is on the screen behind @from, or to the program's end where it is NULL. */
static gboolean
read_screen (int terminal, GString *screen, gsize from, const char *prompt)
{
  struct pollfd wait = { .fd = terminal, .events = POLLIN };
  char bytes[1024];
  gssize n;

  while (prompt == NULL || strstr (screen->str + from, prompt) == NULL)
    {
      if (poll (&wait, 1, SCREEN_MS) != 1)
        return FALSE;
      n = read (terminal, bytes, sizeof bytes);    /* EIO when nobody is there any more */
      if (n <= 0)
        return prompt == NULL;
      g_string_append_len (screen, bytes, n);
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GString) screen = g_string_new (NULL);
  int program = 1, terminal, status;
  gboolean asked = TRUE;
  pid_t pid;

  while (program < argc && strcmp (argv[program], "--") != 0)
    program += 2;
  if (program + 1 >= argc)
    return 2;
  pid = forkpty (&terminal, NULL, NULL, NULL);
  if (pid < 0)
    return 1;
  if (pid == 0)
    {
      execv (argv[program + 1], argv + program + 1);
      _exit (127);
    }
  for (int i = 1; i < program && asked; i += 2)
    {
      g_autofree char *line = g_strconcat (argv[i + 1], "\n", NULL);
      gsize from = screen->len;

      asked = read_screen (terminal, screen, from, argv[i]) && write (terminal, line, strlen (line)) == (gssize) strlen (line);
    }
  asked = asked && read_screen (terminal, screen, 0, NULL);
  if (!asked)
    kill (pid, SIGKILL);
  g_print ("%s", screen->str);
  if (waitpid (pid, &status, 0) != pid || !asked || !WIFEXITED (status))
    return UNASKED;
  return WEXITSTATUS (status);
}
