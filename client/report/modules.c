/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modules.c: two lists, of which one is in use and the other is being written, so that a crash in between finds a whole one. */
#include "client/report/modules.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#define MAX_MODULES 384    /* the window with its loaders and media libraries has 150 */

typedef struct
{
  guint      n;
  AditModule modules[MAX_MODULES];
} List;

static List   lists[2];
static List  *current;    /* atomic; NULL before the first */
static GMutex writing;

/* A note's three numbers, its name and its value, each padded to what the segment is aligned to: elf(5), "Notes". */
static void
find_build_id (const char *notes, gsize size, gsize align, AditCrashModule *module)
{
  gsize at = 0;

  if (align < 4)
    align = 4;
  while (at + sizeof (ElfW (Nhdr)) <= size)
    {
      const ElfW (Nhdr) *note = (const void *) (notes + at);
      gsize name_at = at + sizeof *note;
      gsize value_at = name_at + ((note->n_namesz + align - 1) & ~(align - 1));

      if (note->n_namesz > size || note->n_descsz > size || value_at + note->n_descsz > size)
        return;
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof "GNU" &&
          memcmp (notes + name_at, "GNU", sizeof "GNU") == 0 && note->n_descsz <= ADIT_CRASH_ID_MAX_BYTES)
        {
          memcpy (module->build_id, notes + value_at, note->n_descsz);
          module->build_id_size = (guint8) note->n_descsz;
          return;
        }
      at = value_at + ((note->n_descsz + align - 1) & ~(align - 1));
    }
}

/* A file's name may be anything; a note's is what the reader takes. */
static void
set_name (AditCrashModule *module, const char *path)
{
  const char *slash = strrchr (path, '/');

  g_strlcpy (module->name, slash != NULL ? slash + 1 : path, sizeof module->name);
  for (char *c = module->name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("._-+", *c) == NULL)
      *c = '_';
}

static int
add_module (struct dl_phdr_info *info, size_t size, void *user_data)
{
  List *list = user_data;
  AditModule *module = &list->modules[list->n];
  char program[4096];

  if (list->n == MAX_MODULES)
    return 1;
  memset (module, 0, sizeof *module);
  module->start = G_MAXSIZE;
  module->bias = info->dlpi_addr;
  for (guint i = 0; i < info->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *part = &info->dlpi_phdr[i];
      gsize start = info->dlpi_addr + part->p_vaddr;

      if (part->p_type == PT_LOAD)
        {
          module->start = MIN (module->start, start);
          module->end = MAX (module->end, start + part->p_memsz);
        }
      else if (part->p_type == PT_NOTE && module->as_noted.build_id_size == 0)
        find_build_id ((const char *) start, part->p_memsz, part->p_align, &module->as_noted);
    }
  if (module->start >= module->end)
    return 0;
  /* The program itself comes first and without a name. */
  if (info->dlpi_name[0] == '\0')
    {
      ssize_t length = list->n == 0 ? readlink ("/proc/self/exe", program, sizeof program - 1) : -1;

      program[length > 0 ? length : 0] = '\0';
      set_name (&module->as_noted, length > 0 ? program : "program");
    }
  else
    set_name (&module->as_noted, info->dlpi_name);
  if (module->as_noted.name[0] != '\0')
    list->n++;
  return 0;
}

/**
 * adit_modules_refresh:
 *
 * Lists the files that are loaded now.  To be called again by whoever loads another.
 */
void
adit_modules_refresh (void)
{
  List *list;

  g_mutex_lock (&writing);
  list = __atomic_load_n (&current, __ATOMIC_ACQUIRE) == &lists[0] ? &lists[1] : &lists[0];
  list->n = 0;
  dl_iterate_phdr (add_module, list);
  __atomic_store_n (&current, list, __ATOMIC_RELEASE);
  g_mutex_unlock (&writing);
}

/**
 * adit_modules_find:
 * @address: an address in this process
 *
 * May be called in a signal handler.
 *
 * Returns: (transfer none) (nullable): what lies there, as of the last adit_modules_refresh()
 */
const AditModule *
adit_modules_find (gsize address)
{
  const List *list = __atomic_load_n (&current, __ATOMIC_ACQUIRE);

  for (guint i = 0; list != NULL && i < list->n; i++)
    if (address >= list->modules[i].start && address < list->modules[i].end)
      return &list->modules[i];
  return NULL;
}
