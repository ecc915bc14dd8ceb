/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symbols-library.h: the functions of elfutils that symbols.c asks, once they are loaded. */
#pragma once

#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <glib.h>

G_BEGIN_DECLS

#define ADIT_DW_FUNCTIONS(DO)                                                                                           \
  DO (elf_version) DO (elf_begin) DO (elf_end) DO (elf_kind) DO (elf_getdata) DO (elf_nextscn) DO (elf_strptr)          \
  DO (gelf_getsym) DO (gelf_getshdr) DO (dwelf_elf_gnu_build_id) DO (dwarf_begin_elf) DO (dwarf_end) DO (dwarf_addrdie) \
  DO (dwarf_getscopes) DO (dwarf_tag) DO (dwarf_diename) DO (dwarf_getsrc_die) DO (dwarf_lineno) DO (dwarf_linesrc)

typedef struct
{
#define ADIT_DW_MEMBER(function) __typeof__ (function) *function;
  ADIT_DW_FUNCTIONS (ADIT_DW_MEMBER)
#undef ADIT_DW_MEMBER
} AditDwLibrary;

const AditDwLibrary *adit_symbols_library_load (void);

G_END_DECLS
