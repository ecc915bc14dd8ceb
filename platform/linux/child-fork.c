/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child-fork.c: forks without the heap.
 *
 * The kernel lets both have each page until one of them writes to it, and then makes a copy: while a child waited for its exec
 * the parent, which sets the lock meanwhile, paid up to 2 ms for that.  What a child needs is put together in pages of its own
 * first, and the rest stays here, which is where what the parent knows belongs. */
#include "platform/linux/child-fork.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Everything that a child looks at.  Pointers lead into it or into the program. */
typedef struct
{
  AditChild           child;
  AditConfinementPlan plan;
  struct sock_fprog   filter;
} Luggage;

typedef struct
{
  guint8 *bytes;    /* (nullable): only counted */
  gsize   used;
} Writer;

static gpointer
put (Writer *writer, gconstpointer bytes, gsize length)
{
  gpointer at = writer->bytes != NULL ? writer->bytes + writer->used : NULL;

  if (at != NULL && length > 0)
    memcpy (at, bytes, length);
  writer->used += (length + sizeof (gpointer) - 1) / sizeof (gpointer) * sizeof (gpointer);
  return at;
}

static char **
put_texts (Writer *writer, char *const *texts)
{
  guint n = g_strv_length ((char **) texts);
  char **copy = put (writer, texts, (n + 1) * sizeof *texts);

  for (guint i = 0; i < n; i++)
    {
      char *text = put (writer, texts[i], strlen (texts[i]) + 1);

      if (copy != NULL)
        copy[i] = text;
    }
  return copy;
}

static void
pack (Writer *writer, const AditChild *child)
{
  const struct sock_fprog *filter = child->plan->filter;
  Luggage luggage = { .child = *child, .plan = *child->plan }, *packed;

  packed = put (writer, &luggage, sizeof luggage);
  luggage.child.argv = put_texts (writer, child->argv);
  luggage.child.envp = put_texts (writer, child->envp);
  if (filter != NULL)
    luggage.filter = (struct sock_fprog) {
      .len = filter->len, .filter = put (writer, filter->filter, filter->len * sizeof *filter->filter),
    };
  if (packed == NULL)
    return;
  luggage.child.plan = &packed->plan;
  luggage.plan.filter = filter != NULL ? &packed->filter : NULL;
  *packed = luggage;
}

/* Where the kernel says that it begins: proc_pid_stat(5), field 47; 0 where it does not.  The name, the second, may hold anything
 * but is the last with a round bracket. */
static gsize
find_heap (void)
{
  g_autofree char *text = NULL;
  const char *at = g_file_get_contents ("/proc/self/stat", &text, NULL, NULL) ? strrchr (text, ')') : NULL;

  for (guint field = 2; at != NULL && field < 47; field++)
    at = strchr (at + 1, ' ');
  return at != NULL ? (gsize) g_ascii_strtoull (at + 1, NULL, 10) : 0;
}

/**
 * adit_child_share_the_heap:
 * @shared: whether a fork has it
 *
 * Where the kernel does not take that, a fork is as everywhere else.  Who forks in another thread meanwhile has a child that
 * cannot use its heap; nobody does.
 */
void
adit_child_share_the_heap (gboolean shared)
{
  static gsize start;
  gsize page = (gsize) sysconf (_SC_PAGESIZE), end = (gsize) sbrk (0);

  if (start == 0)
    start = (find_heap () + page - 1) / page * page;
  if (start != 0 && start < end)
    (void) madvise ((gpointer) start, end - start, shared ? MADV_DOFORK : MADV_DONTFORK);
}

/**
 * adit_child_fork:
 * @child: what it is to do
 *
 * Returns: its process id, or -1 with errno
 */
int
adit_child_fork (const AditChild *child)
{
  Writer writer = { NULL };
  gpointer pages;
  sigset_t all, before;
  gsize length;
  int pid, kept;

  pack (&writer, child);
  length = writer.used;
  pages = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED)
    return -1;
  writer = (Writer) { .bytes = pages };
  pack (&writer, child);

  /* No handler of ours may run in the child, where half of what it touches is gone; the C library's own neither, which fork()
   * would call and _Fork() does not. */
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  adit_child_share_the_heap (FALSE);
  pid = _Fork ();
  if (pid == 0)
    adit_child_run (&((Luggage *) pages)->child);
  kept = errno;
  adit_child_share_the_heap (TRUE);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  munmap (pages, length);
  errno = kept;
  return pid;
}
