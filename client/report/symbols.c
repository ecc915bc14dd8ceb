/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symbols.c: asks elfutils about two files that somebody else has opened, the program or library and what was split off for
 * debuggers.  A file is only believed where its build id is the one that was noted. */
#include "client/report/symbols.h"

#include <dwarf.h>
#include <string.h>

#include "client/base/error.h"
#include "client/report/symbols-library.h"

#define DW(function) dw_library->function

struct _AditSymbols
{
  Elf   *module, *debug;    /* debug may be NULL */
  Dwarf *dwarf;             /* of whichever has it, or NULL */
};

static gboolean
refuse (GError **error, const char *which, const char *why)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "The %s tells nothing: %s", which, why);
  return FALSE;
}

static const AditDwLibrary *dw_library;

/**
 * adit_symbols_init:
 *
 * Once, before a sandbox takes the files away.  Where elfutils is not installed, places keep having no names.
 *
 * Returns: whether anybody can be asked
 */
gboolean
adit_symbols_init (void)
{
  if (dw_library == NULL)
    dw_library = adit_symbols_library_load ();
  return dw_library != NULL;
}

/* Read and not mapped: a file that becomes shorter meanwhile ends in an error and not in a signal. */
static gboolean
open_file (int fd, const char *which, const guint8 *build_id, gsize build_id_size, Elf **elf, GError **error)
{
  const void *own_id = NULL;
  ssize_t size;

  *elf = DW (elf_begin) (fd, ELF_C_READ, NULL);
  if (*elf == NULL || DW (elf_kind) (*elf) != ELF_K_ELF)
    return refuse (error, which, "it is no ELF file");
  size = DW (dwelf_elf_gnu_build_id) (*elf, &own_id);
  if (size <= 0 || (gsize) size != build_id_size || memcmp (own_id, build_id, build_id_size) != 0)
    return refuse (error, which, "it is of another build");
  return TRUE;
}

/**
 * adit_symbols_open:
 * @module_fd: a program or library; stays the caller's, and has to stay open as long as the answer lives
 * @debug_fd: what was split off from it, or -1; the same
 * @build_id: which build is meant
 * @build_id_size: its size in bytes
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT for a file that is broken or another build's, or where nobody can be
 *   asked
 *
 * Nothing else is opened or looked for.
 *
 * Returns: (transfer full) (nullable): who can be asked
 */
AditSymbols *
adit_symbols_open (int module_fd, int debug_fd, const guint8 *build_id, gsize build_id_size, GError **error)
{
  g_autoptr (AditSymbols) self = g_new0 (AditSymbols, 1);

  if (!adit_symbols_init ())
    {
      refuse (error, "file", "elfutils is not installed");
      return NULL;
    }
  DW (elf_version) (EV_CURRENT);
  if (!open_file (module_fd, "file", build_id, build_id_size, &self->module, error) ||
      (debug_fd >= 0 && !open_file (debug_fd, "file for debuggers", build_id, build_id_size, &self->debug, error)))
    return NULL;
  self->dwarf = self->debug != NULL ? DW (dwarf_begin_elf) (self->debug, DWARF_C_READ, NULL) : NULL;
  if (self->dwarf == NULL)
    self->dwarf = DW (dwarf_begin_elf) (self->module, DWARF_C_READ, NULL);
  return g_steal_pointer (&self);
}

/**
 * adit_symbols_free:
 * @self: who was asked
 */
void
adit_symbols_free (AditSymbols *self)
{
  if (self->dwarf != NULL)
    DW (dwarf_end) (self->dwarf);
  if (self->debug != NULL)
    DW (elf_end) (self->debug);
  if (self->module != NULL)
    DW (elf_end) (self->module);
  g_free (self);
}

/* The innermost function that was written by a person, also where the compiler put it into another. */
static void
ask_dwarf (AditSymbols *self, guint64 offset, AditSymbol *symbol)
{
  Dwarf_Die unit, *scopes = NULL;
  Dwarf_Line *line;
  int n_scopes, number;

  if (self->dwarf == NULL || DW (dwarf_addrdie) (self->dwarf, offset, &unit) == NULL)
    return;
  n_scopes = DW (dwarf_getscopes) (&unit, offset, &scopes);
  for (int i = 0; i < n_scopes && symbol->function == NULL; i++)
    if (DW (dwarf_tag) (&scopes[i]) == DW_TAG_subprogram || DW (dwarf_tag) (&scopes[i]) == DW_TAG_inlined_subroutine)
      symbol->function = g_strdup (DW (dwarf_diename) (&scopes[i]));
  free (scopes);
  line = DW (dwarf_getsrc_die) (&unit, offset);
  if (line != NULL && DW (dwarf_lineno) (line, &number) == 0 && number > 0)
    {
      symbol->file = g_strdup (DW (dwarf_linesrc) (line, NULL, NULL));
      symbol->line = symbol->file != NULL ? (guint) number : 0;
    }
}

/* The function in one table of symbols whose code this is, by its size where it says that. */
static char *
ask_table (Elf *elf, Elf_Scn *section, const GElf_Shdr *header, guint64 offset)
{
  Elf_Data *data = DW (elf_getdata) (section, NULL);
  gsize n = data != NULL && header->sh_entsize > 0 ? data->d_size / header->sh_entsize : 0;

  for (gsize i = 0; i < n && i < G_MAXINT; i++)
    {
      GElf_Sym symbol;
      int type;

      if (DW (gelf_getsym) (data, (int) i, &symbol) == NULL)
        break;
      type = GELF_ST_TYPE (symbol.st_info);
      if ((type == STT_FUNC || type == STT_GNU_IFUNC) && symbol.st_shndx != SHN_UNDEF && offset >= symbol.st_value &&
          offset - symbol.st_value < MAX (symbol.st_size, 1))
        return g_strdup (DW (elf_strptr) (elf, header->sh_link, symbol.st_name));
    }
  return NULL;
}

/* All functions first, and where they were stripped those that other files call. */
static char *
ask_tables (Elf *elf, guint64 offset)
{
  static const GElf_Word kinds[] = { SHT_SYMTAB, SHT_DYNSYM };
  char *name = NULL;

  for (guint i = 0; elf != NULL && i < G_N_ELEMENTS (kinds); i++)
    {
      Elf_Scn *section = NULL;

      while (name == NULL && (section = DW (elf_nextscn) (elf, section)) != NULL)
        {
          GElf_Shdr header;

          if (DW (gelf_getshdr) (section, &header) != NULL && header.sh_type == kinds[i])
            name = ask_table (elf, section, &header, offset);
        }
    }
  return name;
}

/**
 * adit_symbols_find:
 * @self: who is asked
 * @offset: a place as the file counts, as in a crash note
 * @symbol: (out): what is known, to be cleared with adit_symbol_clear()
 *
 * Returns: whether anything is
 */
gboolean
adit_symbols_find (AditSymbols *self, guint64 offset, AditSymbol *symbol)
{
  *symbol = (AditSymbol) { NULL };
  ask_dwarf (self, offset, symbol);
  if (symbol->function == NULL)
    symbol->function = ask_tables (self->debug, offset);
  if (symbol->function == NULL)
    symbol->function = ask_tables (self->module, offset);
  return symbol->function != NULL || symbol->file != NULL;
}

/**
 * adit_symbol_clear:
 * @self: what was found
 */
void
adit_symbol_clear (AditSymbol *self)
{
  g_clear_pointer (&self->function, g_free);
  g_clear_pointer (&self->file, g_free);
}
